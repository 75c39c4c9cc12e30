/**
 * The vocabulary of the journal: every fact that can be recorded about one process instance.
 *
 * Invariants
 * 1. Entries are immutable once appended, and self-contained: reading one never needs another.
 * 2. `at` is milliseconds since the epoch by the writer's clock and never decreases within a run.
 * 3. A durable call is named by the triple (scope, site, n); see `callKey`.
 * 4. Adding a kind is a journal format change: raise `JOURNAL_FORMAT` and keep reading the old one.
 */

/** Version of the entry vocabulary. A store written by a newer version is refused. */
export const JOURNAL_FORMAT = 1

/** A primitive, which needs no codec and no copy. */
export type Primitive = undefined | null | boolean | number | string | bigint

/** A value as the journal holds it: primitives as they are, everything else as the codec's bytes. */
export type Payload = Primitive | Uint8Array

/**
 * The arguments of a durable call as the journal holds them.
 * - an array: all of them primitive and short;
 * - bytes: the argument list through the codec;
 * - a string: `sha256:<hex>` of the canonical form, for long arguments that no undo needs.
 */
export type RecordedArgs = readonly Primitive[] | Uint8Array | string

/** An error as a value: what process code gets rebuilt on every run, and the stack for people. */
export interface ErrorRecord {
  readonly name: string
  readonly message: string
  readonly code?: string | number
  readonly data?: Payload
  readonly stack?: string
  readonly cause?: ErrorRecord
}

interface Entry {
  readonly at: number
}

/** Names one durable call: the path of the scope, the call site in it, and the occurrence at that site. */
export interface CallId {
  /** Path of enclosing durable activations, `''` for `execute` itself; see `childScope`. */
  readonly scope: string
  /** Step name and, from the second call of that step in the function on, `#ordinal`. */
  readonly site: string
  /** How often this site had been reached in this activation before: 0, 1, 2 … (loops). */
  readonly n: number
}

/** First entry of every run. `shape` is absent when a client without process code started the instance. */
export interface StartedEntry extends Entry {
  readonly kind: 'started'
  readonly run: number
  readonly input: Payload
  readonly shape?: string
}

/** The run was taken up by code of another compiled shape whose call sites still match. */
export interface ShapeEntry extends Entry {
  readonly kind: 'shape'
  readonly shape: string
}

/** Written before the body of a step with `compensateWhen: 'attempted'`. */
export interface StepStartedEntry extends Entry, CallId {
  readonly kind: 'step-started'
  readonly method: string
  readonly args: RecordedArgs
}

/** One attempt failed and another will follow no earlier than `retryAt`. */
export interface AttemptFailedEntry extends Entry, CallId {
  readonly kind: 'attempt-failed'
  readonly attempt: number
  readonly error: ErrorRecord
  readonly retryAt: number
}

/** The result process code gets. `method` finds the undo without running process code. */
export interface StepCompletedEntry extends Entry, CallId {
  readonly kind: 'step-completed'
  readonly method: string
  readonly args: RecordedArgs
  readonly result: Payload
  readonly attempt: number
}

/** Final: no further attempt is made. */
export interface StepFailedEntry extends Entry, CallId {
  readonly kind: 'step-failed'
  readonly method: string
  readonly args: RecordedArgs
  readonly error: ErrorRecord
  readonly attempt: number
}

export interface TimerSetEntry extends Entry, CallId {
  readonly kind: 'timer-set'
  readonly dueAt: number
}

export interface TimerFiredEntry extends Entry, CallId {
  readonly kind: 'timer-fired'
}

/** A signal moved from the inbox into the journal; `inbox` is its position there. */
export interface SignalReceivedEntry extends Entry {
  readonly kind: 'signal-received'
  readonly name: string
  readonly payload: Payload
  readonly inbox: string
}

export interface ChildStartedEntry extends Entry, CallId {
  readonly kind: 'child-started'
  readonly process: string
  readonly id: string
}

export interface ChildSettledEntry extends Entry, CallId {
  readonly kind: 'child-settled'
  readonly outcome: { readonly ok: true; readonly value: Payload } | { readonly ok: false; readonly error: ErrorRecord }
}

/** A cancel request moved from the inbox into the journal; `inbox` is its position there. */
export interface CancelRequestedEntry extends Entry {
  readonly kind: 'cancel-requested'
  readonly reason: string
  readonly inbox: string
}

/** `execute` has settled with this error, or the instance was cancelled; undos follow. */
export interface CompensationStartedEntry extends Entry {
  readonly kind: 'compensation-started'
  readonly outcome: 'failed' | 'cancelled'
  readonly error: ErrorRecord
}

export interface UndoAttemptFailedEntry extends Entry, CallId {
  readonly kind: 'undo-attempt-failed'
  readonly attempt: number
  readonly error: ErrorRecord
  readonly retryAt: number
}

/** The undo of the named call is done. */
export interface StepCompensatedEntry extends Entry, CallId {
  readonly kind: 'step-compensated'
}

export interface CompletedEntry extends Entry {
  readonly kind: 'completed'
  readonly result: Payload
}

export interface FailedEntry extends Entry {
  readonly kind: 'failed'
  readonly outcome: 'failed' | 'cancelled'
  readonly error: ErrorRecord
}

/** The run ended and the next run starts with `input`. */
export interface ContinuedAsNewEntry extends Entry {
  readonly kind: 'continued-as-new'
  readonly input: Payload
}

/** The engine can go no further without an operator or other code. */
export interface StuckEntry extends Entry {
  readonly kind: 'stuck'
  readonly error: ErrorRecord
}

/** An operator resumed a stuck instance; `inbox` is the request's position there. */
export interface ResumedEntry extends Entry {
  readonly kind: 'resumed'
  readonly inbox: string
}

/** One fact about one process instance. */
export type JournalEntry =
  | StartedEntry
  | ShapeEntry
  | StepStartedEntry
  | AttemptFailedEntry
  | StepCompletedEntry
  | StepFailedEntry
  | TimerSetEntry
  | TimerFiredEntry
  | SignalReceivedEntry
  | ChildStartedEntry
  | ChildSettledEntry
  | CancelRequestedEntry
  | CompensationStartedEntry
  | UndoAttemptFailedEntry
  | StepCompensatedEntry
  | CompletedEntry
  | FailedEntry
  | ContinuedAsNewEntry
  | StuckEntry
  | ResumedEntry

/** What tells the facts apart. */
export type JournalEntryKind = JournalEntry['kind']

/** The journal key of a durable call in one string, for people, idempotency keys and maps. */
export function callKey({ scope, site, n }: CallId): string {
  const path = scope === '' ? site : `${scope}/${site}`
  return n === 0 ? path : `${path}@${n}`
}
