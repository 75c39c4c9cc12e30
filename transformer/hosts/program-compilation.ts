/**
 * All files of one program that are ours, compiled.
 *
 * Invariants
 * 1. Every file is analyzed before anything is emitted: under `--noEmit` no transformer ever runs.
 * 2. A result is kept as long as the source file objects it was made from live; in watch mode they outlive programs.
 */
import { posix, relative, sep } from 'node:path'
import type ts from 'typescript'
import type { AnalyzeOptions, OtherModule } from '../analyze/file-context.ts'
import type { TypeScript } from '../emit/ast/ast-emitter.ts'
import type { CompiledFile } from './compile-file.ts'
import { mayHoldProcess } from '../parse/may-hold-process.ts'
import { compileFile } from './compile-file.ts'

interface Kept {
  readonly compiled: CompiledFile
  /** Other modules that were looked at, and what they were then. */
  readonly read: ReadonlyMap<string, ts.SourceFile | undefined>
  readonly legacy: boolean
}

const kept = new WeakMap<ts.SourceFile, Kept>()

export class ProgramCompilation {
  readonly #ts: TypeScript
  readonly #program: ts.Program
  readonly #files = new Map<ts.SourceFile, CompiledFile>()

  constructor(ts: TypeScript, program: ts.Program) {
    this.#ts = ts
    this.#program = program
    for (const file of program.getSourceFiles()) {
      if (file.isDeclarationFile || !mayHoldProcess(file.text)) continue
      const compiled = this.#compile(file)
      if (compiled.plan !== undefined || compiled.diagnostics.length > 0) this.#files.set(file, compiled)
    }
  }

  get files(): ReadonlyMap<ts.SourceFile, CompiledFile> {
    return this.#files
  }

  #compile(file: ts.SourceFile): CompiledFile {
    const legacy = this.#program.getCompilerOptions().experimentalDecorators === true
    const before = kept.get(file)
    if (before !== undefined && before.legacy === legacy && this.#unchanged(before.read)) return before.compiled
    const read = new Map<string, ts.SourceFile | undefined>()
    const options: AnalyzeOptions = {
      decorators: legacy ? 'legacy' : 'standard',
      readOtherModule: (specifier, fromFile) => this.#readOtherModule(specifier, fromFile, read),
    }
    const compiled = compileFile({ source: file.text, fileName: file.fileName, displayName: this.#displayName(file), options })
    kept.set(file, { compiled, read, legacy })
    return compiled
  }

  #unchanged(read: Kept['read']): boolean {
    return [...read].every(([fileName, file]) => this.#program.getSourceFile(fileName) === file)
  }

  #readOtherModule(specifier: string, fromFile: string, read: Map<string, ts.SourceFile | undefined>): OtherModule | undefined {
    const resolved = this.#ts.resolveModuleName(specifier, fromFile, this.#program.getCompilerOptions(), this.#ts.sys).resolvedModule
    if (resolved === undefined) return undefined
    const { resolvedFileName } = resolved
    const file = this.#program.getSourceFile(resolvedFileName)
    read.set(resolvedFileName, file)
    return file === undefined || file.isDeclarationFile ? undefined : { fileName: resolvedFileName, source: file.text }
  }

  #displayName(file: ts.SourceFile): string {
    return relative(this.#program.getCurrentDirectory(), file.fileName).split(sep).join(posix.sep)
  }
}
