/** `catga/vite`: the plugin for Vite 6 and newer. */
import { unplugin } from './bundler-plugin.ts'
import type { BundlerOptions } from './bundler-options.ts'

export type { BundlerOptions } from './bundler-options.ts'

/** What Vite takes as a plugin; declared here so that the types ask for no version of it. */
export interface VitePlugin {
  readonly name: string
}

const create: (options: BundlerOptions) => VitePlugin = unplugin.vite

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
  return create(options)
}
