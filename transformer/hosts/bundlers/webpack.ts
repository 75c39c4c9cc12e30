/** `catga/webpack`: the plugin for webpack 5. */
import { unplugin } from './loader-plugin.ts'
import type { BundlerOptions } from './bundler-options.ts'

export type { BundlerOptions } from './bundler-options.ts'

/** What webpack takes as a plugin; declared here so that the types ask for no version of it. */
export interface WebpackPlugin {
  apply(compiler: object): void
}

const create: (options: BundlerOptions) => WebpackPlugin = unplugin.webpack

/**
 * Compiles processes in a build with webpack 5. Options are for projects that `tsconfig.json` does not describe.
 *
 * ```ts
 * import catga from 'catga/webpack'
 *
 * export default { entry: './src/main.ts', target: 'node', plugins: [catga()] }
 * ```
 */
export default function catga(options: BundlerOptions = {}): WebpackPlugin {
  return create(options)
}
