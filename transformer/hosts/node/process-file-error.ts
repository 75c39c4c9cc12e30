import { positionAt } from '../../diagnostics/code-frame.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { describeDiagnostic } from '../module-compiler.ts'

/** One mistake in a process file. */
export interface ProcessFileMistake {
  readonly code: string
  readonly message: string
  readonly fileName: string
  /** 1-based. */
  readonly line: number
  /** 1-based, in UTF-16 units. */
  readonly column: number
}

/** What loading a file with mistakes throws; `code` is that of the first one. */
export class ProcessFileError extends Error {
  readonly code: string
  readonly mistakes: readonly ProcessFileMistake[]
  constructor(fileName: string, source: string, errors: readonly Diagnostic[]) {
    super([`${fileName} does not compile.`, ...errors.map((error) => describeDiagnostic(error, source))].join('\n'))
    this.name = 'ProcessFileError'
    this.code = errors[0]?.code ?? 'CATGA'
    this.mistakes = errors.map(({ code, message, fileName: file, span }) => ({
      code,
      message,
      fileName: file,
      ...positionAt(source, span.start),
    }))
  }
}
