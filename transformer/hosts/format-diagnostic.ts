import { positionAt } from '../diagnostics/code-frame.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'

/** `file(line,column): error CATGA101: message`, as compilers print it. */
export function formatDiagnostic({ code, severity, message, fileName, span }: Diagnostic, source: string): string {
  const { line, column } = positionAt(source, span.start)
  return `${fileName}(${line},${column}): ${severity} ${code}: ${message}`
}
