import type { Span } from '../model/file-model.ts'

/** Errors stop the build; warnings do not. */
export type Severity = 'error' | 'warning'

/** One finding about the user's source. The texts come from `catalog.ts`; a page each is in `docs/diagnostics/`. */
export interface Diagnostic {
  /** `CATGA101` … */
  readonly code: string
  readonly severity: Severity
  /** Names the thing, the value and the fix. */
  readonly message: string
  readonly fileName: string
  readonly span: Span
}
