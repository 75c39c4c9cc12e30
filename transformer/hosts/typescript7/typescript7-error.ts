/** What stops a build before anything is compiled; each says what to do. */
export type TypeScript7ErrorCode =
  | 'typescript-missing'
  | 'typescript-unsupported'
  | 'swc-missing'
  | 'tsconfig-missing'
  | 'tsconfig-unreadable'
  | 'circular-references'
  | 'typescript-failed'

/** A build that could not begin. */
export class TypeScript7Error extends Error {
  /** Stable name of the reason. */
  readonly code: TypeScript7ErrorCode

  constructor(code: TypeScript7ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'TypeScript7Error'
    this.code = code
  }
}
