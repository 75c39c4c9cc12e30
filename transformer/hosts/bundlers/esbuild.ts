/** `catga/esbuild`: the plugin for esbuild. */
import { unplugin } from './bundler-plugin.ts'
import type { BundlerOptions } from './bundler-options.ts'

export type { BundlerOptions } from './bundler-options.ts'

/** What esbuild takes as a plugin; declared here so that the types ask for no version of it. */
export interface EsbuildPlugin {
  readonly name: string
  setup(build: object): void | Promise<void>
}

const create: (options: BundlerOptions) => EsbuildPlugin = unplugin.esbuild

/**
 * Compiles processes in a build with esbuild. Options are for projects that `tsconfig.json` does not describe.
 *
 * ```ts
 * import catga from 'catga/esbuild'
 * import { build } from 'esbuild'
 *
 * await build({ entryPoints: ['src/main.ts'], bundle: true, platform: 'node', format: 'esm', outdir: 'dist', plugins: [catga()] })
 * ```
 */
export default function catga(options: BundlerOptions = {}): EsbuildPlugin {
  return create(options)
}
