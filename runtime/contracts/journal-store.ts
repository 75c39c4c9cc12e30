/**
 * The port every journal implements: where process instances live.
 *
 * Invariants every implementation keeps (the conformance suite in `catga/testing` checks them)
 * 1. One writer: an append by anyone but the current owner (worker lease and epoch) is rejected with a
 *    `FencedError` in the same atomic operation, and changes nothing.
 * 2. All entries of one append become durable together or not at all; acknowledged means as durable as
 *    the store promises. Appends of one instance are acknowledged in the order they were made.
 * 3. A retry of an append after a lost acknowledgement succeeds and writes nothing: (epoch, seq) is the commit's id.
 * 4. The inbox takes messages from anyone, in order, at any time; nothing is lost between `deliver` and the
 *    append that carries the message's position.
 * 5. Parking is refused if the inbox holds a message that the journal has not taken yet: no wake is lost.
 * 6. Payload bytes handed in are copied or never written to again by the caller; what is handed out is the reader's own.
 */
import type { JournalEntry, Payload } from './journal-entry.ts'

/** Names a process instance. Both parts may be any string of up to `MAX_ID_LENGTH` UTF-16 units, well formed or not. */
export interface InstanceRef {
  readonly process: string
  readonly id: string
}

/** Longest process name or instance id, in UTF-16 code units. Longer ones are refused with `InvalidIdError`. */
export const MAX_ID_LENGTH = 1024

/**
 * - `running`: has an owner, or waits for one.
 * - `parked`: waits for a time or a message and uses no memory.
 * - `compensating`: undos are running.
 * - `stuck`: needs an operator or other code; woken by `resume` and `cancel` only.
 * - `completed`, `failed`, `cancelled`: finished.
 */
export type InstanceStatus = 'running' | 'parked' | 'compensating' | 'stuck' | 'completed' | 'failed' | 'cancelled'

/** The statuses nothing follows. */
export type FinishedStatus = Extract<InstanceStatus, 'completed' | 'failed' | 'cancelled'>

/** True for the three statuses nothing follows. */
export function isFinished(status: InstanceStatus): status is FinishedStatus {
  return status === 'completed' || status === 'failed' || status === 'cancelled'
}

/** What a store knows of an instance without reading its journal. Times are milliseconds since the epoch. */
export interface InstanceSummary extends InstanceRef {
  readonly status: InstanceStatus
  readonly run: number
  readonly epoch: number
  /** Number of entries in the current run's journal. */
  readonly entries: number
  readonly createdAt: number
  readonly updatedAt: number
  /** Worker that owns the instance now. */
  readonly owner?: string
  /** For `parked`: when it wakes by itself. */
  readonly wakeAt?: number
}

/** A message to an instance that its owner moves into the journal. `id` makes delivering it twice harmless. */
export type InboxMessage =
  | { readonly kind: 'signal'; readonly id: string; readonly name: string; readonly payload: Payload }
  | { readonly kind: 'cancel'; readonly id: string; readonly reason: string }
  | { readonly kind: 'resume'; readonly id: string }

/** A message with its place in the inbox. Positions are opaque and ordered only by the store. */
export interface DeliveredMessage {
  readonly position: string
  readonly message: InboxMessage
}

/** What a new instance begins with. */
export interface StartRequest extends InstanceRef {
  readonly input: Payload
  readonly at: number
  /** Compiled shape of the code that starts it, when the starter has that code. */
  readonly shape?: string
}

/** What came of a start: the new instance, owned if a worker asked, or what there was under the id. */
export type StartOutcome =
  | { readonly created: true; readonly journal?: InstanceJournal }
  | { readonly created: false; readonly summary: InstanceSummary; readonly input: Payload }

/** What a worker is ready to take over. */
export interface ClaimOptions {
  /** Process names this worker has code for. */
  readonly processes: readonly string[]
  readonly limit: number
}

/** An instance that a worker has taken over. */
export interface ClaimedInstance {
  readonly journal: InstanceJournal
  readonly summary: InstanceSummary
  /** Claims since the journal last grew or the instance was parked or released: a high number is a crash loop. */
  readonly takeovers: number
}

/**
 * A worker's membership in the store. While its lease is valid the worker may own instances; once it has run out
 * another worker may fence it, after which every write of this worker is rejected with `FencedError`, for ever.
 */
export interface WorkerSession extends AsyncDisposable {
  readonly worker: string
  /** Aborted when the store knows this worker has been fenced or the session is closed. */
  readonly fenced: AbortSignal
  /** Extends the lease by its full length. Rejects with `FencedError` when it is too late. */
  renew(): Promise<void>
  /**
   * Creates the instance and owns it, in one atomic write; an existing instance is returned as it is.
   * A store that is durable at once may answer synchronously.
   */
  start(request: StartRequest): StartOutcome | Promise<StartOutcome>
  /**
   * Takes over instances that nobody owns, whose owner's lease ran out, or that are due or woken: oldest first.
   * Raises each one's epoch.
   */
  claim(options: ClaimOptions): Promise<readonly ClaimedInstance[]>
  /**
   * When the next parked instance of these processes wakes by itself: the time it was parked until, also one that has passed and
   * was not claimed since. Nothing when none waits for a time.
   */
  nextWakeAt(processes: readonly string[]): Promise<number | undefined>
  /** Gives the lease up. Instances still owned may be claimed by others at once. */
  [Symbol.asyncDispose](): Promise<void>
}

/** The current owner's hold on one instance. */
export interface InstanceJournal {
  readonly ref: InstanceRef
  readonly epoch: number
  /**
   * Appends after the first `seq` entries of the run. Returns nothing when the entries are durable on return, else a
   * promise of that. `status` defaults to leaving the status as it is; a finished status also gives up ownership.
   * Inbox messages up to the highest `inbox` position carried by the entries are removed in the same operation.
   * @throws FencedError this worker is no longer the owner
   * @throws StoreUnavailableError nothing is known of the outcome: the same append may be retried
   */
  append(seq: number, entries: JournalEntry | readonly JournalEntry[], status?: InstanceStatus): void | Promise<void>
  /**
   * Ends the run with `last` (`continued-as-new`) and starts the next with `first` (`started`), in one atomic write.
   * The new run's journal begins at seq 1 with `first` as its entry 0; `carried` entries follow it.
   */
  continueAsNew(seq: number, last: JournalEntry, first: JournalEntry, carried: readonly JournalEntry[]): Promise<void>
  /** The current run's entries in order. */
  load(): Promise<readonly JournalEntry[]>
  /** Messages the journal has not taken yet, in order. */
  inbox(): Promise<readonly DeliveredMessage[]>
  /**
   * Calls `listener` soon after a message was delivered, where the store can know (same OS process at once; else by
   * the poll it documents). Returns a function that stops it.
   */
  onDelivery(listener: () => void): () => void
  /**
   * Gives up ownership until `wakeAt` (undefined: until a message) unless the inbox is not empty.
   * @returns `'parked'`, or `'inbox moved'` with ownership kept
   */
  park(wakeAt: number | undefined): Promise<'parked' | 'inbox moved'>
  /** Gives up ownership; anyone may claim it at once. */
  release(): Promise<void>
}

/** Which instances to list; all without it. */
export interface ListOptions {
  readonly process?: string
  readonly status?: InstanceStatus
  /** Only instances after this one, in the store's order (oldest first). @throws ProcessNotFoundError it is not there */
  readonly after?: InstanceRef
  readonly limit?: number
}

/** What came of deleting an instance; only finished ones are deleted. */
export type DeleteOutcome = 'deleted' | 'not found' | 'not finished'

/** Where process instances live. Implemented by memory and SQLite here, and by whoever passes the conformance suite. */
export interface JournalStore extends AsyncDisposable {
  /** A short name for messages: `memory`, `sqlite orders.db`. */
  readonly name: string
  /** Joins as a worker whose lease lasts `leaseMs` without renewal. */
  join(options: { readonly worker: string; readonly leaseMs: number }): Promise<WorkerSession>
  /** Creates the instance without owning it, for clients that have no process code. */
  start(request: StartRequest): Promise<StartOutcome>
  /** Puts a message into the inbox and wakes the instance as `wakes` says. A `message.id` known from this run or the one before changes nothing. */
  deliver(ref: InstanceRef, message: InboxMessage): Promise<'delivered' | 'not found' | 'finished'>
  get(ref: InstanceRef): Promise<InstanceSummary | undefined>
  /**
   * Entries of a run (default: the current one), without owning the instance; for people and for results. The run before the
   * current one is kept too; older ones need not be, and have no entries then. Runs are counted from 1.
   */
  read(ref: InstanceRef, options?: { readonly run?: number }): AsyncIterable<JournalEntry>
  list(options?: ListOptions): AsyncIterable<InstanceSummary>
  /** Removes a finished instance and the space it held. */
  delete(ref: InstanceRef): Promise<DeleteOutcome>
  /** Removes finished instances last updated before a time, at most `limit` at once. Returns how many. */
  prune(options: { readonly status: FinishedStatus; readonly before: number; readonly limit: number }): Promise<number>
  /** Keeps the description of a compiled shape; saving the same hash again changes nothing. */
  saveShape(hash: string, description: string): Promise<void>
  loadShape(hash: string): Promise<string | undefined>
  /** Calls `listener` once the instance is finished or stuck, where the store can know; see `onDelivery`. */
  onSettled(ref: InstanceRef, listener: () => void): () => void
}

/** Whether a delivered message makes an instance of this status claimable. */
export function wakes(status: InstanceStatus, kind: InboxMessage['kind']): boolean {
  return status === 'parked' || (status === 'stuck' && kind !== 'signal')
}
