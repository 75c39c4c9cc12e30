import type ts from 'typescript'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { TypeScript } from '../emit/ast/ast-emitter.ts'

/** Added to the number of a CATGA code, so that no code of TypeScript's own is met. */
const CODE_BASE = 900_000

/** `CATGA101` at a span → a compiler diagnostic `TS900101: CATGA101: …` with its place. */
export function toTsDiagnostic(ts: TypeScript, file: ts.SourceFile, { code, severity, message, span }: Diagnostic): ts.Diagnostic {
  return {
    file,
    start: span.start,
    length: span.end - span.start,
    code: CODE_BASE + Number(code.replace(/\D/g, '')),
    category: severity === 'error' ? ts.DiagnosticCategory.Error : ts.DiagnosticCategory.Warning,
    messageText: `${code}: ${message}`,
    source: 'catga',
  }
}
