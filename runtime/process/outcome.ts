/**
 * How the end of an instance reaches those who wait for it.
 */
import type { Codec } from '../contracts/codec.ts'
import { CancelledError, CorruptJournalError, ProcessFailedError, ProcessNotFoundError, ProcessStuckError } from '../contracts/errors.ts'
import type { JournalEntry } from '../contracts/journal-entry.ts'
import type { InstanceRef } from '../contracts/journal-store.ts'
import type { ErrorRecorder } from './error-record.ts'
import type { RunEnd } from './run-end.ts'

export type Settled = Exclude<RunEnd, { kind: 'abandoned' | 'parked' | 'restart' }>

/** The result, or the typed error that `result()` rejects with. */
export function unwrap(ref: InstanceRef, end: Settled, codec: Codec): unknown {
  switch (end.kind) {
    case 'completed':
      return codec.decode(end.result, `result of process "${ref.process}"`)
    case 'cancelled':
      throw end.error instanceof CancelledError ? end.error : new CancelledError(ref.process, ref.id, 'cancelled', { cause: end.error })
    case 'failed':
      throw new ProcessFailedError(ref.process, ref.id, end.error)
    default:
      throw new ProcessStuckError(ref.process, ref.id, end.error)
  }
}

/** Reads the end off the journal of a finished or stuck instance; one that was stuck may have gone on since. */
export async function readEnd(ref: InstanceRef, entries: AsyncIterable<JournalEntry>, errors: ErrorRecorder): Promise<Settled> {
  let last: JournalEntry | undefined
  let stuck: Extract<JournalEntry, { kind: 'stuck' }> | undefined
  for await (const entry of entries) {
    last = entry
    if (entry.kind === 'stuck') stuck = entry
  }
  if (last === undefined) throw new ProcessNotFoundError(ref.process, ref.id)
  if (last.kind === 'completed') return { kind: 'completed', result: last.result }
  if (last.kind === 'failed') return { kind: last.outcome, error: rebuildCancelled(ref, last.outcome, errors.rebuild(last.error)) }
  if (stuck !== undefined) return { kind: 'stuck', error: errors.rebuild(stuck.error) }
  throw new CorruptJournalError(`journal of process "${ref.process}"`, `a finished instance ends with "${last.kind}"`)
}

function rebuildCancelled(ref: InstanceRef, outcome: 'failed' | 'cancelled', error: unknown): unknown {
  if (outcome === 'failed' || error instanceof CancelledError) return error
  return new CancelledError(ref.process, ref.id, 'cancelled', { cause: error })
}
