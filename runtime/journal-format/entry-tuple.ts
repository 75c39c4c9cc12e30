import { CorruptJournalError } from '../contracts/errors.ts'
import type { ErrorRecord, JournalEntry, JournalEntryKind, Payload, RecordedArgs } from '../contracts/journal-entry.ts'

/**
 * How an entry is laid out in stored bytes: a list of its kind's number, its time, and its fields in a fixed order.
 *
 * Numbers and orders are part of the stored format. A field may be added at the end of a kind; nothing else may change
 * without raising `JOURNAL_FORMAT`.
 */
export const KIND_NUMBERS: { readonly [Kind in JournalEntryKind]: number } = {
  started: 1,
  shape: 2,
  'step-started': 3,
  'attempt-failed': 4,
  'step-completed': 5,
  'step-failed': 6,
  'timer-set': 7,
  'timer-fired': 8,
  'signal-received': 9,
  'child-started': 10,
  'child-settled': 11,
  'cancel-requested': 12,
  'compensation-started': 13,
  'undo-attempt-failed': 14,
  'step-compensated': 15,
  completed: 16,
  failed: 17,
  'continued-as-new': 18,
  stuck: 19,
  resumed: 20,
}

export type EntryTuple = readonly unknown[]

/** Lays an entry out. */
export function toTuple(entry: JournalEntry): EntryTuple {
  const { at } = entry
  const kind = KIND_NUMBERS[entry.kind]
  switch (entry.kind) {
    case 'step-completed':
      return [kind, at, entry.scope, entry.site, entry.n, entry.method, entry.args, entry.result, entry.attempt]
    case 'started':
      return entry.shape === undefined ? [kind, at, entry.run, entry.input] : [kind, at, entry.run, entry.input, entry.shape]
    case 'shape':
      return [kind, at, entry.shape]
    case 'step-started':
      return [kind, at, entry.scope, entry.site, entry.n, entry.method, entry.args]
    case 'step-failed':
      return [kind, at, entry.scope, entry.site, entry.n, entry.method, entry.args, errorTuple(entry.error), entry.attempt]
    case 'attempt-failed':
    case 'undo-attempt-failed':
      return [kind, at, entry.scope, entry.site, entry.n, entry.attempt, errorTuple(entry.error), entry.retryAt]
    case 'timer-set':
      return [kind, at, entry.scope, entry.site, entry.n, entry.dueAt]
    case 'timer-fired':
    case 'step-compensated':
      return [kind, at, entry.scope, entry.site, entry.n]
    case 'signal-received':
      return [kind, at, entry.name, entry.payload, entry.inbox]
    case 'child-started':
      return [kind, at, entry.scope, entry.site, entry.n, entry.process, entry.id]
    case 'child-settled':
      return [
        kind,
        at,
        entry.scope,
        entry.site,
        entry.n,
        entry.outcome.ok,
        entry.outcome.ok ? entry.outcome.value : errorTuple(entry.outcome.error),
      ]
    case 'cancel-requested':
      return [kind, at, entry.reason, entry.inbox]
    case 'compensation-started':
    case 'failed':
      return [kind, at, entry.outcome, errorTuple(entry.error)]
    case 'completed':
      return [kind, at, entry.result]
    case 'continued-as-new':
      return [kind, at, entry.input]
    case 'stuck':
      return [kind, at, errorTuple(entry.error)]
    case 'resumed':
      return [kind, at, entry.inbox]
  }
}

/**
 * Builds an entry from its layout. The fields' types are trusted: the bytes carried a checksum.
 * @throws CorruptJournalError a kind this version does not know, or no entry at all
 */
export function fromTuple(tuple: unknown, place: string): JournalEntry {
  if (!Array.isArray(tuple) || tuple.length < 3) throw new CorruptJournalError(place, 'an entry has no fields')
  const [kind, at, a, b, c, d, e, f, g] = tuple as unknown[]
  switch (kind) {
    case 5:
      return { kind: 'step-completed', at, scope: a, site: b, n: c, method: d, args: e, result: f, attempt: g } as JournalEntry
    case 1:
      return (
        c === undefined ? { kind: 'started', at, run: a, input: b } : { kind: 'started', at, run: a, input: b, shape: c }
      ) as JournalEntry
    case 2:
      return { kind: 'shape', at, shape: a } as JournalEntry
    case 3:
      return { kind: 'step-started', at, scope: a, site: b, n: c, method: d, args: e as RecordedArgs } as JournalEntry
    case 6:
      return {
        kind: 'step-failed',
        at,
        scope: a,
        site: b,
        n: c,
        method: d,
        args: e,
        error: errorRecord(f, place),
        attempt: g,
      } as JournalEntry
    case 4:
      return { kind: 'attempt-failed', at, scope: a, site: b, n: c, attempt: d, error: errorRecord(e, place), retryAt: f } as JournalEntry
    case 14:
      return {
        kind: 'undo-attempt-failed',
        at,
        scope: a,
        site: b,
        n: c,
        attempt: d,
        error: errorRecord(e, place),
        retryAt: f,
      } as JournalEntry
    case 7:
      return { kind: 'timer-set', at, scope: a, site: b, n: c, dueAt: d } as JournalEntry
    case 8:
      return { kind: 'timer-fired', at, scope: a, site: b, n: c } as JournalEntry
    case 15:
      return { kind: 'step-compensated', at, scope: a, site: b, n: c } as JournalEntry
    case 9:
      return { kind: 'signal-received', at, name: a, payload: b as Payload, inbox: c } as JournalEntry
    case 10:
      return { kind: 'child-started', at, scope: a, site: b, n: c, process: d, id: e } as JournalEntry
    case 11:
      return {
        kind: 'child-settled',
        at,
        scope: a,
        site: b,
        n: c,
        outcome: d === true ? { ok: true, value: e } : { ok: false, error: errorRecord(e, place) },
      } as JournalEntry
    case 12:
      return { kind: 'cancel-requested', at, reason: a, inbox: b } as JournalEntry
    case 13:
      return { kind: 'compensation-started', at, outcome: a, error: errorRecord(b, place) } as JournalEntry
    case 17:
      return { kind: 'failed', at, outcome: a, error: errorRecord(b, place) } as JournalEntry
    case 16:
      return { kind: 'completed', at, result: a } as JournalEntry
    case 18:
      return { kind: 'continued-as-new', at, input: a } as JournalEntry
    case 19:
      return { kind: 'stuck', at, error: errorRecord(a, place) } as JournalEntry
    case 20:
      return { kind: 'resumed', at, inbox: a } as JournalEntry
    default:
      throw new CorruptJournalError(place, `entry kind ${String(kind)} is unknown to this version of Catga`)
  }
}

function errorTuple({ name, message, code, data, stack, cause }: ErrorRecord): EntryTuple {
  return [name, message, code, data, stack, cause === undefined ? undefined : errorTuple(cause)]
}

function errorRecord(tuple: unknown, place: string): ErrorRecord {
  if (!Array.isArray(tuple) || tuple.length < 6) throw new CorruptJournalError(place, 'an error has no fields')
  const [name, message, code, data, stack, cause] = tuple as unknown[]
  return {
    name,
    message,
    ...(code === undefined ? undefined : { code }),
    ...(data === undefined ? undefined : { data }),
    ...(stack === undefined ? undefined : { stack }),
    ...(cause === undefined ? undefined : { cause: errorRecord(cause, place) }),
  } as ErrorRecord
}
