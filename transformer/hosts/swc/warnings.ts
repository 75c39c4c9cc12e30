/** Where warnings of the compiler go while swc's functions are called, which have no place for them. */
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { describeDiagnostic } from '../module-compiler.ts'
import type { CompiledProcess } from './process-job.ts'

/** @param text the warning as people read it: place, code, message, and the lines it is about */
export type WarningHandler = (warning: Diagnostic, text: string) => void

let handler: WarningHandler = emitAsNode
const emitted = new Set<string>()

/**
 * Takes over the warnings of all process files that are compiled through swc in this thread. Without a handler they are Node's
 * (`process.emitWarning`), which go to standard error, each once.
 *
 * ```ts
 * import { onWarning } from 'catga/swc'
 *
 * onWarning((warning, text) => {
 *   if (warning.code !== 'CATGA203') console.warn(text)
 * })
 * ```
 *
 * @param handle undefined for Node's again
 */
export function onWarning(handle: WarningHandler | undefined): void {
  handler = handle ?? emitAsNode
}

export function emitWarnings({ diagnostics, source }: CompiledProcess): void {
  for (const diagnostic of diagnostics) {
    if (diagnostic.severity === 'warning') handler(diagnostic, describeDiagnostic(diagnostic, source))
  }
}

function emitAsNode({ code }: Diagnostic, text: string): void {
  if (emitted.has(text)) return
  emitted.add(text)
  process.emitWarning(text, { type: 'CatgaWarning', code })
}
