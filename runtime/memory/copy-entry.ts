import type { ErrorRecord, JournalEntry } from '../contracts/journal-entry.ts'
import type { InboxMessage } from '../contracts/journal-store.ts'

/**
 * The reader's own copy of an entry. Only bytes need copying: everything else in an entry is immutable, and a reader
 * that writes to the bytes it was given must not change the journal.
 */
export function copyEntry(entry: JournalEntry): JournalEntry {
  switch (entry.kind) {
    case 'started':
    case 'continued-as-new':
      return entry.input instanceof Uint8Array ? { ...entry, input: new Uint8Array(entry.input) } : entry
    case 'step-started':
      return entry.args instanceof Uint8Array ? { ...entry, args: new Uint8Array(entry.args) } : entry
    case 'step-completed':
      if (!(entry.args instanceof Uint8Array || entry.result instanceof Uint8Array)) return entry
      return { ...entry, args: copyBytes(entry.args), result: copyBytes(entry.result) }
    case 'step-failed':
      return { ...entry, args: copyBytes(entry.args), error: copyError(entry.error) }
    case 'completed':
      return entry.result instanceof Uint8Array ? { ...entry, result: new Uint8Array(entry.result) } : entry
    case 'signal-received':
      return { ...entry, payload: copyBytes(entry.payload) }
    case 'child-settled':
      return {
        ...entry,
        outcome: entry.outcome.ok
          ? { ok: true, value: copyBytes(entry.outcome.value) }
          : { ok: false, error: copyError(entry.outcome.error) },
      }
    case 'attempt-failed':
    case 'undo-attempt-failed':
    case 'compensation-started':
    case 'failed':
    case 'stuck':
      return { ...entry, error: copyError(entry.error) }
    default:
      return entry
  }
}

/** The reader's own copy of a payload or of recorded arguments. */
export function copyBytes<T>(value: T): T
export function copyBytes(value: unknown): unknown {
  return value instanceof Uint8Array ? new Uint8Array(value) : value
}

function copyError(error: ErrorRecord): ErrorRecord {
  return {
    ...error,
    ...(error.data instanceof Uint8Array ? { data: new Uint8Array(error.data) } : undefined),
    ...(error.cause === undefined ? undefined : { cause: copyError(error.cause) }),
  }
}

/** The reader's own copy of an inbox message. */
export function copyMessage(message: InboxMessage): InboxMessage {
  return message.kind === 'signal' ? { ...message, payload: copyBytes(message.payload) } : message
}
