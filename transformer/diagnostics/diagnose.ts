import type { Span } from '../model/file-model.ts'
import { catalog, type CatalogEntry, type DiagnosticCode, type DiagnosticDetails } from './catalog.ts'
import type { Diagnostic } from './diagnostic.ts'

export interface Finding<Code extends DiagnosticCode> {
  readonly code: Code
  readonly details: DiagnosticDetails<Code>
  readonly fileName: string
  readonly span: Span
}

/** Makes a diagnostic of a finding, with the texts of the catalog. */
export function diagnose<Code extends DiagnosticCode>({ code, details, fileName, span }: Finding<Code>): Diagnostic {
  const entry = catalog[code] as unknown as CatalogEntry<DiagnosticDetails<Code>>
  return {
    code,
    severity: entry.severity,
    message: `${entry.message(details)} ${entry.fix(details)}`,
    fileName,
    span: { start: span.start, end: span.end },
  }
}
