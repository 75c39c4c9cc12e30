/** `catga/rolldown`: the plugin for Rolldown. */
import type { BundlerOptions } from './bundler-options.ts'
import { rollupPlugin } from './hooks-plugin.ts'

export type { BundlerOptions } from './bundler-options.ts'

/** What Rolldown takes as a plugin; declared here so that the types ask for no version of it. */
export interface RolldownPlugin {
  readonly name: string
}

/**
 * Compiles processes in a build with Rolldown. Options are for projects that `tsconfig.json` does not describe.
 *
 * ```ts
 * import catga from 'catga/rolldown'
 * import { defineConfig } from 'rolldown'
 *
 * export default defineConfig({ input: 'src/main.ts', platform: 'node', plugins: [catga()] })
 * ```
 */
export default function catga(options: BundlerOptions = {}): RolldownPlugin {
  return rollupPlugin(options)
}
