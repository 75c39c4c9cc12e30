/**
 * TypeScript does not see that `compensate: 'release'` uses the method `release`, so under `noUnusedLocals` it reports
 * a private one as unused. Only we know better, and its report is taken back.
 *
 * 1. As a program transformer we come before anything is checked, and answer for the program from then on.
 * 2. As a source transformer we come with the first emit, after the command line has asked. ts-patch hands us the list
 *    it will print, and the report is taken out of that.
 * 3. Builder programs (`--build`, `--watch`, `incremental`) keep their list from us. There the report stays and says what to do.
 */
import type ts from 'typescript'
import type { ProgramCompilation } from './program-compilation.ts'

/** "'{0}' is declared but its value is never read." */
const DECLARED_BUT_NEVER_READ = 6133

const HINT = ' It undoes a step: write { "transform": "catga/transformer", "transformProgram": true } in "plugins" of tsconfig.json.'

/** What programs have beside their typings: the checker's answers, kept per file. */
interface CheckedProgram extends ts.Program {
  getBindAndCheckDiagnostics?: (file: ts.SourceFile, cancellation?: ts.CancellationToken) => readonly ts.Diagnostic[]
}

/** Whether a diagnostic says of an undo method that nothing uses it. */
type IsMistaken = (diagnostic: ts.Diagnostic) => boolean

function mistaken(compilation: ProgramCompilation): IsMistaken {
  return ({ code, file, start }) =>
    code === DECLARED_BUT_NEVER_READ &&
    file !== undefined &&
    compilation.files.get(file)?.undoNames.some((name) => name.start === start) === true
}

/** For a program that nobody has asked yet. */
export function dropUnusedUndos(program: CheckedProgram, compilation: ProgramCompilation): void {
  const isMistaken = mistaken(compilation)
  const { getBindAndCheckDiagnostics: check, getSemanticDiagnostics } = program
  // In place: the program keeps this very array, and a build info file is written from it.
  if (check !== undefined) program.getBindAndCheckDiagnostics = (...args) => without(check.apply(program, args), isMistaken)
  program.getSemanticDiagnostics = (...args) => getSemanticDiagnostics.apply(program, args).filter((found) => !isMistaken(found))
}

function without(diagnostics: readonly ts.Diagnostic[], isMistaken: IsMistaken): readonly ts.Diagnostic[] {
  for (let index = diagnostics.length - 1; index >= 0; index--) {
    const diagnostic = diagnostics[index]
    if (diagnostic !== undefined && isMistaken(diagnostic)) (diagnostics as ts.Diagnostic[]).splice(index, 1)
  }
  return diagnostics
}

/** For a program the command line has asked already; `reported` is what it is going to print. */
export function takeBackUnusedUndos(
  program: CheckedProgram,
  compilation: ProgramCompilation,
  reported: readonly ts.Diagnostic[] | undefined,
): void {
  if (program.getCompilerOptions().noUnusedLocals !== true) return
  const isMistaken = mistaken(compilation)
  if (reported?.some(isMistaken) === true) {
    without(reported, isMistaken)
    dropUnusedUndos(program, compilation)
    return
  }
  for (const [file, { undoNames }] of compilation.files) {
    if (undoNames.length === 0) continue
    for (const found of program.getBindAndCheckDiagnostics?.(file) ?? []) if (isMistaken(found)) explain(found)
  }
}

function explain(diagnostic: ts.Diagnostic): void {
  const { messageText } = diagnostic
  if (typeof messageText === 'string' && !messageText.endsWith(HINT)) diagnostic.messageText = `${messageText}${HINT}`
}
