/** What keeps the swc host from compiling at all, whatever the source says. */
export type SwcHostErrorCode =
  /** `@swc/core` is not installed. */
  | 'swc-missing'
  /** `.swcrc` lowers decorators in a way that would break a compiled process. */
  | 'swc-decorators'
  /** A syntax tree was given instead of text. */
  | 'swc-syntax-tree'

/**
 * The swc host cannot compile: the message says what to change.
 *
 * ```ts
 * import { SwcHostError, transform } from 'catga/swc'
 *
 * try {
 *   await transform(source, { filename: 'src/order.process.ts' })
 * } catch (error) {
 *   if (error instanceof SwcHostError && error.code === 'swc-decorators') console.error('Change .swcrc:', error.message)
 *   throw error
 * }
 * ```
 */
export class SwcHostError extends Error {
  readonly code: SwcHostErrorCode

  constructor(code: SwcHostErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SwcHostError'
    this.code = code
  }
}
