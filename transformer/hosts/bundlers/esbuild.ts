/** `catga/esbuild`: the plugin for esbuild. */
import { BuildModules } from './build-modules.ts'
import type { BundlerOptions } from './bundler-options.ts'
import { type EsbuildBuild, loadForEsbuild } from './load-for-esbuild.ts'

export type { BundlerOptions } from './bundler-options.ts'

/** What esbuild takes as a plugin; declared here so that the types ask for no version of it. */
export interface EsbuildPlugin {
  readonly name: string
  setup(build: object): void | Promise<void>
}

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
  return { name: 'catga', setup: (build) => loadForEsbuild(build as EsbuildBuild, new BuildModules(options), options.include) }
}
