/** Decisions about `import` that hooks of both kinds, in this thread and in a thread of their own, share. */
import { isTypeScript, type FileCompiler } from './file-compiler.ts'
import { type LoadContext, type Loaded, nodeModule, type ResolveContext } from './node-module.ts'
import { fileOf, isNotFound, SourceResolution } from './source-resolution.ts'

export class ImportHooks {
  readonly #files: FileCompiler
  readonly #sources = new SourceResolution()
  #main: string | undefined

  constructor(files: FileCompiler) {
    this.#files = files
  }

  /** `require` has hooks of its own. */
  isRequire({ conditions = [] }: LoadContext | ResolveContext): boolean {
    return conditions.includes('require') && !conditions.includes('import')
  }

  /** To be told every resolved module: the one nobody imports is the program. */
  resolved(url: string, { parentURL }: ResolveContext): void {
    if (parentURL === undefined) this.#main = url
  }

  /** @throws the error, where we know no better */
  resolveElse(error: unknown, specifier: string, { parentURL }: ResolveContext): string {
    const found = isNotFound(error) ? this.#sources.findUrl(specifier, parentURL) : undefined
    if (found === undefined) throw error
    return found
  }

  /** The module, if it holds a process. */
  loadProcess(url: string, context: LoadContext): Loaded | undefined {
    return this.#load(url, 'process', context)
  }

  /** @throws the error, but for TypeScript that neither Node nor another loader knows what to do with */
  loadElse(error: unknown, url: string, context: LoadContext): Loaded {
    const isUnknown = error instanceof Error && 'code' in error && error.code === 'ERR_UNKNOWN_FILE_EXTENSION'
    const loaded = isUnknown && isTypeScript(fileOf(url) ?? '') ? this.#load(url, 'any', context) : undefined
    if (loaded === undefined) throw error
    return loaded
  }

  #load(url: string, kind: 'process' | 'any', { format }: LoadContext): Loaded | undefined {
    const fileName = fileOf(url)
    if (fileName === undefined) return undefined
    // Node's own word for CommonJS in TypeScript is another.
    const isCommonJs = isTypeScript(fileName) && (format === 'commonjs' || '.ts' in nodeModule._extensions)
    const imported = { isMain: url === this.#main, otherLoader: isCommonJs ? ('commonjs' as const) : undefined }
    const source = this.#files.compileForImport(fileName, kind, imported)
    return source === undefined ? undefined : { format: 'module', source, shortCircuit: true }
  }
}
