import { CatgaError } from '../runtime/index.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'

/** A command ended for a reason the user can do something about: the message says what. */
export class CliError extends Error {
  readonly exitCode: ExitCode
  /** Stable name for `--json`. */
  readonly code: string
  constructor(exitCode: ExitCode, code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CliError'
    this.exitCode = exitCode
    this.code = code
  }
}

export interface Failure {
  readonly exitCode: ExitCode
  readonly code: string
  readonly message: string
  readonly causes: readonly string[]
}

const EXIT_BY_CODE: Readonly<Record<string, ExitCode>> = {
  'process-not-found': EXIT.notFound,
  'invalid-id': EXIT.usage,
  'invalid-option': EXIT.usage,
}

/** The one place that turns whatever was thrown into a message and an exit code. */
export function toFailure(error: unknown): Failure {
  const causes = causesOf(error)
  if (error instanceof CliError) return { exitCode: error.exitCode, code: error.code, message: error.message, causes }
  if (error instanceof CatgaError) {
    return { exitCode: EXIT_BY_CODE[error.code] ?? EXIT.failed, code: error.code, message: error.message, causes }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { exitCode: EXIT.failed, code: 'unexpected', message, causes }
}

/** Causes can be chained in a ring by careless code; people read three at most. */
function causesOf(error: unknown): readonly string[] {
  const causes: string[] = []
  for (let next = error; next instanceof Error && causes.length < 3;) {
    next = next.cause
    if (next instanceof Error) causes.push(next.message)
  }
  return causes
}
