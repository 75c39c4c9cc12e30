/** `catga/rolldown`: the plugin for Rolldown. */
import { unplugin } from './bundler-plugin.ts'
import type { BundlerOptions } from './bundler-options.ts'

export type { BundlerOptions } from './bundler-options.ts'

/** What Rolldown takes as a plugin; declared here so that the types ask for no version of it. */
export interface RolldownPlugin {
  readonly name: string
}

const create: (options: BundlerOptions) => RolldownPlugin = unplugin.rolldown

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
  return create(options)
}
