/** `catga/rollup`: the plugin for Rollup. */
import type { BundlerOptions } from './bundler-options.ts'
import { rollupPlugin } from './hooks-plugin.ts'

export type { BundlerOptions } from './bundler-options.ts'

/** What Rollup takes as a plugin; declared here so that the types ask for no version of it. */
export interface RollupPlugin {
  readonly name: string
}

/**
 * Compiles processes in a build with Rollup. Options are for projects that `tsconfig.json` does not describe.
 *
 * ```ts
 * import catga from 'catga/rollup'
 *
 * // Behind catga(): the plugin that compiles TypeScript.
 * export default { input: 'src/main.ts', plugins: [catga()], output: { dir: 'dist' } }
 * ```
 */
export default function catga(options: BundlerOptions = {}): RollupPlugin {
  return rollupPlugin(options)
}
