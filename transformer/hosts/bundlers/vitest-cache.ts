/**
 * Vitest can keep modules on disk (`experimental.fsModuleCache`), by their own text. A process is made of more: the helpers it calls, the
 * options of its project, the version of this compiler.
 */
import { NAMES_CATGA } from '../../parse/may-hold-process.ts'

/** The parts of what Vitest hands to plugins that are used. */
export interface VitestContext {
  /** `false` keeps a module out of the cache; nothing leaves it to Vitest. Not there in all versions. */
  experimental_defineCacheKeyGenerator?(keyOf: (module: { readonly sourceCode: string }) => false | undefined): void
}

export function keepOutOfCache(vitest: VitestContext): void {
  vitest.experimental_defineCacheKeyGenerator?.(({ sourceCode }) => (NAMES_CATGA.test(sourceCode) ? false : undefined))
}
