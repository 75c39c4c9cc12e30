/** `catga/vite`: the plugin for Vite 6 and newer. */
import type { BundlerOptions } from './bundler-options.ts'
import { vitePlugin } from './hooks-plugin.ts'

export type { BundlerOptions } from './bundler-options.ts'

/** What Vite takes as a plugin; declared here so that the types ask for no version of it. */
export interface VitePlugin {
  readonly name: string
}

/**
 * Compiles processes in a build with Vite 6 and newer. Options are for projects that `tsconfig.json` does not describe.
 *
 * ```ts
 * import catga from 'catga/vite'
 * import { defineConfig } from 'vite'
 *
 * export default defineConfig({ plugins: [catga()] })
 * ```
 */
export default function catga(options: BundlerOptions = {}): VitePlugin {
  return vitePlugin(options)
}
