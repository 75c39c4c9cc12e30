import { codeFrame, formatDiagnostic } from '../../transformer/index.ts'
import type { CompiledProcess, Diagnostic } from '../../transformer/hosts/swc/index.ts'
import type { FileProblem } from './file-result.ts'

/** The mistakes of a process, with its warnings; none where the error is about something else. */
export function compileProblem(error: unknown, compiled: CompiledProcess): readonly FileProblem[] {
  if (!(error instanceof Error) || error.name !== 'ProcessCompileError') return []
  return compiled.diagnostics.map((diagnostic) => problemOf(diagnostic, compiled.source))
}

export function warningProblems({ diagnostics, source }: CompiledProcess): readonly FileProblem[] {
  return diagnostics.map((diagnostic) => problemOf(diagnostic, source))
}

/**
 * What swc, or the disk, has to say of a file. swc appends the stack of its own machine code, which helps nobody.
 *
 * @param source the file as it was asked for, and as swc calls it
 */
export function unknownProblem(source: string, file: string, error: unknown): FileProblem {
  const text = error instanceof Error ? error.message : String(error)
  const [told = ''] = text.split(/\n\s*Stack backtrace:/)
  const said = told.trim().replace(/^Caused by:\s*/, '')
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code !== 'GenericFailure' ? error.code : undefined
  const [, line, column] = /\[[^\n]*?:(\d+):(\d+)\]/.exec(told) ?? []
  return {
    file,
    severity: 'error',
    ...(code !== undefined && { code }),
    ...(line !== undefined && column !== undefined && { line: Number(line), column: Number(column) }),
    text: told.includes(source) ? said : `${source}: ${said}`,
  }
}

function problemOf(diagnostic: Diagnostic, source: string): FileProblem {
  const { code, severity, fileName, span } = diagnostic
  const before = source.slice(0, span.start)
  return {
    file: fileName,
    severity,
    code,
    line: before.split('\n').length,
    column: span.start - before.lastIndexOf('\n'),
    text: `${formatDiagnostic(diagnostic, source)}\n${codeFrame(source, span)}`,
  }
}
