/** Errors are what fails or runs uncompiled; warnings what is worse than it need be. */
export type FindingSeverity = 'error' | 'warning'

/** One thing that is wrong with a project. */
export interface Finding {
  /** Stable name, or the code of a compiler diagnostic. */
  readonly code: string
  readonly severity: FindingSeverity
  /** Path relative to the inspected folder, with a line where it is about one: `src/order.ts:4:3`. */
  readonly place: string
  /** What is wrong, with the value that is. */
  readonly message: string
  /** What to do next. */
  readonly fix: string
}
