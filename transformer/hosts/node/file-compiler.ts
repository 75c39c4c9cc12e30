/**
 * Compiles files to JavaScript that Node runs as it is.
 *
 * Invariants
 * 1. Sources are read from disk: what other loaders made of them is not looked at.
 * 2. A file without a process is none of ours, unless it is TypeScript that nobody here can load.
 * 3. The map is inline and names the file by its URL, so that stack traces, debuggers and coverage find it.
 */
import { readFileSync } from 'node:fs'
import { extname, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { composeMaps } from '../../emit/text/compose-maps.ts'
import { mayNameCatga } from '../../parse/may-hold-process.ts'
import { describeDiagnostic, ModuleCompiler, type ModuleCompiled } from '../module-compiler.ts'
import { ProjectOptionsReader } from '../project-options.ts'
import { commonJsFacade } from './commonjs-facade.ts'
import { findLowering } from './lower/find-lowering.ts'
import { type LoweringOptions, loweringOptions } from './lower/lowering-options.ts'
import { ModuleFormats } from './module-format.ts'
import type { ModuleFormat } from './node-module.ts'
import { ProcessFileError } from './process-file-error.ts'
import type { CompilerWarning } from './warnings.ts'

/** A file as Node is to run it. */
export interface FileCompiled {
  readonly code: string
  readonly format: ModuleFormat
}

/** Which files to compile: those that hold a process, or any TypeScript. */
export type FileKind = 'process' | 'any'

export interface ImportedFile {
  /** Whether it is the program's entry. */
  readonly isMain: boolean
  /** What another loader takes it for where the package does not say. */
  readonly otherLoader: ModuleFormat | undefined
}

interface Examined {
  readonly fileName: string
  readonly source: string
  readonly compiled: ModuleCompiled | undefined
}

const ENDINGS: ReadonlySet<string> = new Set(['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx'])
/** This package is JavaScript that talks about processes all the time. */
export const OWN_FOLDER = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]?$/, sep)

export function isTypeScript(fileName: string): boolean {
  return /\.[cm]?tsx?$/.test(fileName)
}

export class FileCompiler {
  readonly #warn: (warning: CompilerWarning) => void
  readonly #modules = new ModuleCompiler()
  readonly #projects = new ProjectOptionsReader()
  readonly #formats = new ModuleFormats()

  constructor(warn: (warning: CompilerWarning) => void) {
    this.#warn = warn
  }

  /**
   * What `require` of the file runs; undefined where it is not of that kind.
   *
   * @param otherLoader what another loader takes it for where the package does not say
   * @throws ProcessFileError, NoLoweringToolError
   */
  compile(fileName: string, kind: FileKind, otherLoader?: ModuleFormat): FileCompiled | undefined {
    const examined = this.#examine(fileName, kind)
    return examined && this.#lower(examined, this.#formatOf(examined, otherLoader))
  }

  /**
   * What `import` of the file runs: always an ES module. One of a CommonJS file requires it, and comes back here through `compile`.
   */
  compileForImport(fileName: string, kind: FileKind, { isMain, otherLoader }: ImportedFile): string | undefined {
    const examined = this.#examine(fileName, kind)
    if (examined === undefined) return undefined
    const format = this.#formatOf(examined, otherLoader)
    if (format === 'module') return this.#lower(examined, format).code
    return commonJsFacade({ fileName, source: examined.source, project: this.#projects.of(fileName), isMain })
  }

  #examine(fileName: string, kind: FileKind): Examined | undefined {
    if (!ENDINGS.has(extname(fileName)) || fileName.startsWith(OWN_FOLDER)) return undefined
    const bytes = read(fileName)
    if (bytes === undefined || (kind === 'process' && !mayNameCatga(bytes))) return undefined
    const source = bytes.toString('utf8')
    const compiled = this.#modules.compile(source, fileName)
    const isProcess =
      compiled !== undefined && (compiled.map !== undefined || compiled.diagnostics.some(({ severity }) => severity === 'error'))
    return isProcess || kind === 'any' ? { fileName, source, compiled } : undefined
  }

  #formatOf({ fileName, source }: Examined, otherLoader: ModuleFormat | undefined): ModuleFormat {
    return this.#formats.of({ fileName, source, configured: () => this.#optionsOf(fileName).format, otherLoader })
  }

  #lower({ fileName, source, compiled }: Examined, format: ModuleFormat): FileCompiled {
    this.#report(fileName, source, compiled)
    const options = this.#optionsOf(fileName)
    const lower = findLowering(fileName, options.experimentalDecorators && options.emitDecoratorMetadata)
    const lowered = lower({ code: compiled?.code ?? source, fileName, format, options })
    const map = { ...composeMaps(lowered.map, compiled?.map), sources: [pathToFileURL(fileName).href], sourcesContent: [source] }
    return { code: `${lowered.code}\n//# sourceMappingURL=${inline(map)}\n`, format }
  }

  /** Of the very project that the analysis goes by: decorators are to be lowered as it was told. */
  #optionsOf(fileName: string): LoweringOptions {
    return loweringOptions(this.#projects.of(fileName).compilerOptions)
  }

  #report(fileName: string, source: string, compiled: ModuleCompiled | undefined): void {
    const { diagnostics = [] } = compiled ?? {}
    const text = source.replace(/^\uFEFF/, '')
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    if (errors.length > 0) throw new ProcessFileError(fileName, text, errors)
    for (const warning of diagnostics) this.#warn({ code: warning.code, text: describeDiagnostic(warning, text) })
  }
}

function read(fileName: string): Buffer | undefined {
  try {
    return readFileSync(fileName)
  } catch {
    // Node says what is wrong with it.
    return undefined
  }
}

function inline(map: object): string {
  return `data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`
}
