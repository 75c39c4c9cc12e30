/**
 * What an import means that Node finds no file for: `./order.js` where there is `order.ts`, a specifier without an extension, a folder's
 * index, and the `paths` of the project. Only for imports in TypeScript files; with tsx in the process it has answered before.
 */
import { fileURLToPath, pathToFileURL } from 'node:url'
import { findSourceFile } from '../other-modules.ts'
import { ProjectOptionsReader } from '../project-options.ts'
import { isTypeScript } from './file-compiler.ts'

const NOT_FOUND: ReadonlySet<unknown> = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_UNSUPPORTED_DIR_IMPORT'])

export function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && NOT_FOUND.has(error.code)
}

export class SourceResolution {
  readonly #projects = new ProjectOptionsReader()

  /** Path of the file, or undefined where there is none either. */
  find(specifier: string, fromFile: string | undefined): string | undefined {
    if (fromFile === undefined || !isTypeScript(fromFile)) return undefined
    return findSourceFile(specifier, fromFile, this.#projects.of(fromFile))
  }

  /** As `find`, in URLs. */
  findUrl(specifier: string, parentUrl: string | undefined): string | undefined {
    const found = this.find(specifier, parentUrl === undefined ? undefined : fileOf(parentUrl))
    return found === undefined ? undefined : pathToFileURL(found).href
  }
}

/** The file a module URL names; loaders beside us put queries of theirs on URLs, and into paths. */
export function fileOf(url: string): string | undefined {
  return url.startsWith('file:') ? fileURLToPath(url).replace(/(\.[cm]?[jt]sx?)\?[^/\\]*$/, '$1') : undefined
}
