/** `catga/rspack`: the plugin for Rspack. */
import { unplugin } from './loader-plugin.ts'
import type { BundlerOptions } from './bundler-options.ts'

export type { BundlerOptions } from './bundler-options.ts'

/** What Rspack takes as a plugin; declared here so that the types ask for no version of it. */
export interface RspackPlugin {
  apply(compiler: object): void
}

const create: (options: BundlerOptions) => RspackPlugin = unplugin.rspack

/**
 * Compiles processes in a build with Rspack. Options are for projects that `tsconfig.json` does not describe.
 *
 * ```ts
 * import catga from 'catga/rspack'
 *
 * export default { entry: './src/main.ts', target: 'node', plugins: [catga()] }
 * ```
 */
export default function catga(options: BundlerOptions = {}): RspackPlugin {
  return create(options)
}
