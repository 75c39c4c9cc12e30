/** `catga/rollup`: the plugin for Rollup. */
import { unplugin } from './bundler-plugin.ts'
import type { BundlerOptions } from './bundler-options.ts'

export type { BundlerOptions } from './bundler-options.ts'

/** What Rollup takes as a plugin; declared here so that the types ask for no version of it. */
export interface RollupPlugin {
  readonly name: string
}

const create: (options: BundlerOptions) => RollupPlugin = unplugin.rollup

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
  return create(options)
}
