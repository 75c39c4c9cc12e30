/**
 * Compiles the modules of one build and remembers what each of them was made of.
 *
 * 1. A module that went through the compiler before, here or in another tool, is left alone: its decorators are gone, and one with
 *    errors, which still has them, is known by what throws them.
 * 2. What a module was read from is remembered also where it has errors, so that the edit that mends it is seen.
 */
import { basename } from 'node:path'
import { codeFrame, type Position, positionAt } from '../../diagnostics/code-frame.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { MapInput } from '../../emit/text/compose-maps.ts'
import type { TextMap } from '../../emit/text/source-map.ts'
import { NAMES_CATGA } from '../../parse/may-hold-process.ts'
import { ModuleCompiler } from '../module-compiler.ts'
import type { BundlerOptions } from './bundler-options.ts'
import { loweredDecorators } from './lowered-decorators.ts'
import { moduleFile } from './module-file.ts'
import { type FindingInText, originalFinding } from './original-finding.ts'

/** What a module with errors is emitted with. */
const THROWS_ERRORS = /\bimport \* as (\$catga\d*) from ['"]catga\/emitted['"];?\s*\1\.compileErrors\(/

/** The map to what the user wrote from what other plugins made of it; asked for only where something is found. */
export type InputMap = () => MapInput | undefined

/** A finding with all that a bundler shows of it. */
export interface Finding {
  /** `CATGA101`. */
  readonly code: string
  /** With its code. */
  readonly text: string
  readonly file: string
  readonly start: Position
  readonly end: Position
  /** Where it is in its first line for tools that count columns from 0 and in bytes. */
  readonly bytes: { readonly column: number; readonly length: number }
  /** The whole first line, and the lines around it. */
  readonly line: string
  readonly frame: string
  readonly source: string
}

export interface BundledModule {
  readonly file: string
  readonly code: string
  /** Undefined where the code is the input. Its one source is the file's own name, beside the file. */
  readonly map: TextMap | undefined
  readonly errors: readonly Finding[]
  readonly warnings: readonly Finding[]
  readonly read: readonly string[]
}

export class BundledModules {
  readonly #compiler: ModuleCompiler
  readonly #include: RegExp | undefined
  /** Files that a module was made of beside itself. */
  readonly #read = new Map<string, readonly string[]>()

  constructor({ include, ...options }: BundlerOptions) {
    this.#compiler = new ModuleCompiler(options)
    this.#include = include
  }

  /** Undefined: the module is none of ours and passes through. */
  compile(source: string, id: string, mapOf?: InputMap): BundledModule | undefined {
    const file = NAMES_CATGA.test(source) ? moduleFile(id, this.#include) : undefined
    if (file === undefined || THROWS_ERRORS.test(source)) return undefined
    const compiled = this.#compiler.compile(source, file)
    const lowered = loweredDecorators({ source, fileName: file, diagnostics: compiled?.diagnostics ?? [] })
    if (compiled === undefined && lowered === undefined) {
      this.#read.delete(file)
      return undefined
    }
    const { code = source, map, read = [] } = compiled ?? {}
    this.#read.set(file, read)
    // Offsets count from after a byte order mark, as TypeScript's do.
    const text = source.replace(/^\uFEFF/, '')
    const diagnostics = lowered === undefined ? (compiled?.diagnostics ?? []) : [lowered]
    const inputMap = diagnostics.length === 0 ? undefined : mapOf?.()
    const found = (wanted: Diagnostic['severity']) =>
      diagnostics
        .filter(({ severity }) => severity === wanted)
        .map((diagnostic) => finding(inputMap ? originalFinding({ diagnostic, text }, inputMap) : { diagnostic, text }))
    return { file, code, map: map && { ...map, sources: [basename(file)] }, errors: found('error'), warnings: found('warning'), read }
  }

  /** Modules that were made of a file beside themselves, with slashes. */
  madeOf(file: string): readonly string[] {
    const wanted = withSlashes(file)
    return [...this.#read].filter(([, read]) => read.some((path) => withSlashes(path) === wanted)).map(([module]) => withSlashes(module))
  }

  /** To be called when a build begins: a `tsconfig.json` may have changed. */
  forgetProjects(): void {
    this.#compiler.forgetProjects()
  }
}

/** Bundlers write paths with slashes on Windows too. */
function withSlashes(path: string): string {
  return path.replaceAll('\\', '/')
}

function finding({ diagnostic: { code, message, fileName, span }, text: source }: FindingInText): Finding {
  const start = positionAt(source, span.start)
  const end = positionAt(source, span.end)
  const line = source.split(/\r?\n/, start.line).at(-1) ?? ''
  const last = end.line === start.line ? end.column - 1 : line.length
  return {
    code,
    text: `${code}: ${message}`,
    file: fileName,
    start,
    end,
    bytes: {
      column: Buffer.byteLength(line.slice(0, start.column - 1)),
      length: Buffer.byteLength(line.slice(start.column - 1, last)),
    },
    line,
    frame: codeFrame(source, span),
    source,
  }
}
