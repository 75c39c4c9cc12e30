import { CatgaError } from '../contracts/errors.ts'

/** One compile error as the compiler embeds it in the module it could not compile. */
export interface CompileErrorRecord {
  readonly code: string
  readonly message: string
  readonly file: string
  /** 1-based. */
  readonly line: number
  /** 1-based, in UTF-16 units. */
  readonly column: number
}

/** Thrown when a module with compile errors is loaded: such code must not run, durably or not. */
export class CompileError extends CatgaError {
  readonly errors: readonly CompileErrorRecord[]
  constructor(errors: readonly CompileErrorRecord[]) {
    const lines = errors.map(({ code, message, file, line, column }) => `${file}:${line}:${column} ${code}: ${message}`)
    super('compile', `This module was compiled with errors and cannot be loaded:\n${lines.join('\n')}`)
    this.errors = errors
  }
}

/** First statement of a module the compiler found errors in. */
export function compileErrors(errors: readonly CompileErrorRecord[]): never {
  throw new CompileError(errors)
}
