/**
 * Makes our findings errors of the compiler that runs us.
 *
 * ts-patch hands diagnostics of a plugin on only with the answer of an emit, and for all files of the program at once.
 * Under `noEmitOnError` they come too late to stop the emit, a build info file does not keep them, so a second
 * `tsc -b` says nothing, and with a builder program it keeps them for the wrong file. So they go
 *
 * 1. into the array in which the program keeps what the checker found in a file. It is the same array that
 *    `noEmitOnError` looks at and that a builder program writes into its build info;
 * 2. into the answer of the emit of their own file, because the command line asked for (1) before it loaded us.
 *
 * The command line sorts what it has got and drops what it has twice.
 */
import type ts from 'typescript'
import type { TypeScript } from '../emit/ast/ast-emitter.ts'
import type { ProgramCompilation } from './program-compilation.ts'
import { toTsDiagnostic } from './ts-diagnostic.ts'

/** What programs have beside their typings: the checker's answers, kept per file, and ts-patch's original `emit`. */
interface HookedProgram extends ts.Program {
  getBindAndCheckDiagnostics?: (file: ts.SourceFile) => readonly ts.Diagnostic[]
  originalEmit?: ts.Program['emit']
}

export interface DiagnosticsSink {
  readonly ts: TypeScript
  readonly program: ts.Program
  readonly compilation: ProgramCompilation
  /** ts-patch's way, for hosts that have no hook of ours. */
  readonly addDiagnostic: ((diagnostic: ts.Diagnostic) => void) | undefined
}

/** Called once per program, before its first emit. */
export function reportDiagnostics({ ts, program, compilation, addDiagnostic }: DiagnosticsSink): void {
  const errors = new Map<ts.SourceFile, readonly ts.Diagnostic[]>()
  for (const [file, { diagnostics }] of compilation.files) {
    const found = diagnostics.map((diagnostic) => toTsDiagnostic(ts, file, diagnostic))
    const inFile = found.filter(({ category }) => category === ts.DiagnosticCategory.Error)
    if (inFile.length > 0) errors.set(file, inFile)
    warn(
      ts,
      program,
      file,
      found.filter(({ category }) => category === ts.DiagnosticCategory.Warning),
    )
  }
  for (const [file, found] of errors) keepAsChecked(program, file, found)
  if (!answerWithEmit(program, errors)) for (const found of errors.values()) found.forEach((error) => addDiagnostic?.(error))
}

function keepAsChecked(program: HookedProgram, file: ts.SourceFile, errors: readonly ts.Diagnostic[]): void {
  // Without checking there is one shared empty array for all files.
  if (program.getCompilerOptions().noCheck === true || program.getBindAndCheckDiagnostics === undefined) return
  const checked = program.getBindAndCheckDiagnostics(file) as ts.Diagnostic[]
  if (Object.isFrozen(checked) || checked !== program.getBindAndCheckDiagnostics(file)) return
  for (const error of errors) if (!checked.some((known) => isSame(known, error))) checked.push(error)
}

function isSame(a: ts.Diagnostic, b: ts.Diagnostic): boolean {
  return a.code === b.code && a.start === b.start && a.messageText === b.messageText
}

function answerWithEmit(program: HookedProgram, errors: ReadonlyMap<ts.SourceFile, readonly ts.Diagnostic[]>): boolean {
  const original = program.originalEmit
  if (original === undefined) return false
  if (errors.size === 0) return true
  program.originalEmit = (target, ...rest) => {
    const result = original.call(program, target, ...rest)
    const own = target === undefined ? [...errors.values()].flat() : (errors.get(target) ?? [])
    const added = own.filter((error) => !result.diagnostics.some((known) => isSame(known, error)))
    // A fresh array: the compiler answers some emits with a shared empty one.
    return { ...result, diagnostics: [...result.diagnostics, ...added] }
  }
  return true
}

const warned = new WeakSet<ts.SourceFile>()

/** The compiler fails a build for any diagnostic it is given, so warnings are printed beside it, once per file. */
function warn(ts: TypeScript, program: ts.Program, file: ts.SourceFile, warnings: readonly ts.Diagnostic[]): void {
  if (warnings.length === 0 || warned.has(file)) return
  warned.add(file)
  const host: ts.FormatDiagnosticsHost = {
    getCurrentDirectory: () => program.getCurrentDirectory(),
    getCanonicalFileName: (fileName) => fileName,
    getNewLine: () => ts.sys.newLine,
  }
  const pretty = program.getCompilerOptions()['pretty'] ?? ts.sys.writeOutputIsTTY?.() === true
  ts.sys.write(pretty === true ? ts.formatDiagnosticsWithColorAndContext(warnings, host) : ts.formatDiagnostics(warnings, host))
}
