import { codeFrame, positionAt } from '../../diagnostics/code-frame.ts'
import type { Diagnostic, Severity } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../model/file-model.ts'

/** A finding of TypeScript's, of swc's or of ours about a project. */
export interface BuildDiagnostic {
  /** `TS2322`, `CATGA110`, or `SWC` where swc refuses what TypeScript takes. */
  readonly code: string
  readonly severity: Severity
  readonly message: string
  /** Absolute path; undefined for what is about the project as a whole. */
  readonly fileName: string | undefined
  /** 1-based. */
  readonly line: number | undefined
  /** 1-based, in UTF-16 units. */
  readonly column: number | undefined
  /** The lines it is about. */
  readonly frame: string | undefined
}

interface Finding {
  readonly code: string
  readonly severity: Severity
  readonly message: string
}

export function diagnosticAt(finding: Finding, fileName: string, source: string, span: Span): BuildDiagnostic {
  return { ...finding, fileName, ...positionAt(source, span.start), frame: codeFrame(source, span) }
}

export function diagnosticOfProject(finding: Finding): BuildDiagnostic {
  return { ...finding, fileName: undefined, line: undefined, column: undefined, frame: undefined }
}

/** One of ours. Spans count without a byte order mark. */
export function fromCompiler({ code, severity, message, fileName, span }: Diagnostic, source: string): BuildDiagnostic {
  return diagnosticAt({ code, severity, message }, fileName, source.replace(/^\uFEFF/, ''), span)
}
