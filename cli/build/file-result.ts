/** What became of one file of a build. */
export interface FileProblem {
  /** Absolute path. */
  readonly file: string
  readonly severity: 'error' | 'warning'
  /** `CATGA101`, or undefined where the compiler has no codes. */
  readonly code?: string
  /** 1-based. */
  readonly line?: number
  /** 1-based. */
  readonly column?: number
  /** All there is to say, lines of the source included. */
  readonly text: string
}

export interface FileResult {
  readonly source: string
  /** `omitted`: the configuration leaves it out. */
  readonly status: 'compiled' | 'copied' | 'omitted' | 'failed'
  readonly isProcess: boolean
  readonly outputs: readonly string[]
  readonly problems: readonly FileProblem[]
}
