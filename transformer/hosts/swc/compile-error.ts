import { codeFrame, positionAt } from '../../diagnostics/code-frame.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { describeDiagnostic } from '../module-compiler.ts'

/**
 * A process has a mistake: what `transform` rejects with, as swc does with a syntax error. Code and place are those of the first
 * mistake; the message tells all of them, each with the lines it is about.
 *
 * ```ts
 * import { ProcessCompileError, transform } from 'catga/swc'
 *
 * try {
 *   await transform(source, { filename: 'src/order.process.ts' })
 * } catch (error) {
 *   if (error instanceof ProcessCompileError) console.error(error.code, error.file, error.line, error.column)
 *   throw error
 * }
 * ```
 */
export class ProcessCompileError extends Error {
  /** Of the first mistake, such as `CATGA101`. */
  readonly code: string
  /** Absolute path. */
  readonly file: string
  /** 1-based. */
  readonly line: number
  /** 1-based, in UTF-16 units. */
  readonly column: number
  /** The lines around the first mistake, which is underlined. */
  readonly frame: string
  /** All mistakes and warnings of the file. */
  readonly diagnostics: readonly Diagnostic[]

  /** @param errors those of `diagnostics` that are mistakes; at least one */
  constructor(errors: readonly [Diagnostic, ...Diagnostic[]], source: string, diagnostics: readonly Diagnostic[] = errors) {
    super(errors.map((error) => describeDiagnostic(error, source)).join('\n\n'))
    this.name = 'ProcessCompileError'
    const [{ code, fileName, span }] = errors
    const { line, column } = positionAt(source, span.start)
    this.code = code
    this.file = fileName
    this.line = line
    this.column = column
    this.frame = codeFrame(source, span)
    this.diagnostics = diagnostics
  }
}
