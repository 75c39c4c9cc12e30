/** webpack and Rspack keep built modules on disk, and know a loader by its package: ours is unplugin's. */
import { VERSION } from '../compiler-version.ts'
import type { BundlerOptions } from './bundler-options.ts'

/** The parts of a compiler's options that are used. */
export interface CachingCompiler {
  readonly options: {
    readonly cache?: unknown
    /** Where Rspack 1 has it. */
    readonly experiments?: { readonly cache?: unknown }
  }
}

/** Makes what another version of this compiler, or one with other options, left in a cache on disk another cache's. */
export function nameInCache({ options }: CachingCompiler, { root, decorators, include }: BundlerOptions): void {
  const name = `catga ${VERSION} ${JSON.stringify([root, decorators, include?.toString()])}`
  for (const cache of [options.cache, options.experiments?.cache]) {
    if (isOnDisk(cache) && cache.version?.endsWith(name) !== true) cache.version = [cache.version, name].filter(Boolean).join(' ')
  }
}

function isOnDisk(cache: unknown): cache is { version?: string } {
  const { type } = Object(cache) as { type?: unknown }
  return type === 'filesystem' || type === 'persistent'
}
