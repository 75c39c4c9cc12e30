/**
 * What the main thread and the database thread say to each other: batches there, results back, one batch at a time.
 * Strings that may be any UTF-16 travel as UTF-16LE bytes, entries and messages as encoded bytes.
 */

export interface OpenOptions {
  readonly path: string
  /** How long a write waits for another OS process that is writing. */
  readonly busyTimeoutMs: number
  /** Largest size of the database in pages; 0 for no limit. */
  readonly maxPages: number
}

/** Where a session's OS process runs, to know at once that it is dead. */
export interface ProcessIdentity {
  /** Machine, boot and process namespace: within one of these, `pid` means one process. */
  readonly realm: string
  readonly pid: number
  /** Tells a process from a later one with the same pid; empty where the platform does not say. */
  readonly startedAt: string
}

export interface Batch {
  /** The store's time. */
  readonly now: number
  readonly logs: readonly LogBatch[]
  readonly requests: readonly Request[]
}

/** Records of one session, to be written as one row. */
export interface LogBatch {
  /** 0: starts without an owner. */
  readonly session: number
  readonly records: Uint8Array<ArrayBuffer>
}

export interface StoredRef {
  readonly process: Uint8Array
  readonly id: Uint8Array
}

/** Sealed rows' contents: encoded entries in pieces, see `pieces.ts`. */
export type Bodies = readonly Uint8Array[]

interface Hold {
  readonly instance: number
  readonly epoch: number
  readonly session: number
}

/** A request, by name: what it needs and what it answers. */
export interface Requests {
  join: { readonly in: { readonly worker: Uint8Array; readonly leaseMs: number; readonly identity: ProcessIdentity }; readonly out: number }
  renew: { readonly in: { readonly session: number; readonly leaseMs: number }; readonly out: Hit }
  leave: { readonly in: { readonly session: number }; readonly out: undefined }
  claim: {
    readonly in: { readonly session: number; readonly processes: readonly Uint8Array[]; readonly limit: number }
    readonly out: readonly ClaimedRow[] | 'fenced'
  }
  nextWakeAt: { readonly in: { readonly processes: readonly Uint8Array[] }; readonly out: number | undefined }
  load: { readonly in: Hold & { readonly run: number }; readonly out: Bodies | 'fenced' }
  inbox: { readonly in: Hold; readonly out: readonly StoredMessage[] | 'fenced' }
  park: { readonly in: Hold & { readonly wakeAt: number | undefined }; readonly out: 'parked' | 'inbox moved' | 'fenced' }
  release: { readonly in: Hold; readonly out: Hit }
  continueAsNew: { readonly in: Hold & Continuation; readonly out: Hit }
  deliver: {
    readonly in: StoredRef & { readonly messageId: Uint8Array; readonly wakesStuck: boolean; readonly message: Uint8Array }
    readonly out: Delivery
  }
  get: { readonly in: StoredRef; readonly out: SummaryRow | undefined }
  read: { readonly in: StoredRef & { readonly run: number | undefined }; readonly out: Bodies }
  list: { readonly in: ListPage; readonly out: readonly SummaryRow[] | 'not found' }
  delete: { readonly in: StoredRef; readonly out: 'deleted' | 'not found' | 'not finished' }
  prune: { readonly in: { readonly status: number; readonly before: number; readonly limit: number }; readonly out: number }
  saveShape: { readonly in: { readonly hash: Uint8Array; readonly description: Uint8Array }; readonly out: undefined }
  loadShape: { readonly in: { readonly hash: Uint8Array }; readonly out: Uint8Array | undefined }
  watch: { readonly in: Watched; readonly out: WatchReport | 'unchanged' }
  close: { readonly in: Record<never, never>; readonly out: undefined }
}

export type RequestKind = keyof Requests
export type Input<Kind extends RequestKind> = Requests[Kind]['in']
export type Output<Kind extends RequestKind> = Requests[Kind]['out']
export type Request = { readonly [Kind in RequestKind]: { readonly kind: Kind } & Input<Kind> }[RequestKind]

type Hit = 'done' | 'fenced'

export interface Continuation {
  readonly run: number
  readonly seq: number
  readonly nextRun: number
  readonly last: Uint8Array
  readonly entries: Uint8Array
  readonly count: number
  readonly at: number
  readonly inbox: number
}

export interface Delivery {
  readonly outcome: 'delivered' | 'not found' | 'finished'
  /** The instance and the message's place, when the message is new and somebody owns the instance. */
  readonly owned: { readonly instance: number; readonly position: number } | undefined
}

export interface ListPage {
  readonly process: Uint8Array | undefined
  readonly status: number
  readonly after: StoredRef | number | undefined
  readonly limit: number
}

export interface SummaryRow {
  readonly instance: number
  readonly process: Uint8Array
  readonly id: Uint8Array
  readonly status: number
  readonly run: number
  readonly epoch: number
  readonly entries: number
  readonly createdAt: number
  readonly updatedAt: number
  readonly owner: Uint8Array | undefined
  readonly wakeAt: number | undefined
}

export interface ClaimedRow {
  readonly summary: SummaryRow
  readonly takeovers: number
  /** What the new owner asks for next. Left out where it is long, or cannot be read: asked for, it says why. */
  readonly ahead: { readonly bodies: Bodies; readonly mail: readonly StoredMessage[] } | undefined
}

export interface StoredMessage {
  readonly position: number
  readonly message: Uint8Array
}

export interface Watched {
  readonly settled: readonly StoredRef[]
  readonly mail: readonly number[]
}

export interface WatchReport {
  /** Whether each watched reference is finished or stuck. */
  readonly settled: readonly boolean[]
  /** Position of the last message of each watched instance; 0 for none. */
  readonly mail: readonly number[]
}

/** What became of a log: fenced as a whole, or written, but for the starts whose id was taken. */
export type LogResult = 'fenced' | { readonly starts: readonly StartResult[] }

/** The new instance's number, or what is there already. */
export type StartResult = number | { readonly summary: SummaryRow; readonly first: Uint8Array }

export interface BatchResult {
  readonly logs: readonly LogResult[]
  readonly results: readonly unknown[]
}

/** Why a batch was not carried out. Nothing of it was written, unless `outcome` says that is not known. */
export interface BatchFailure {
  readonly reason: 'unavailable' | 'corrupt' | 'newer schema' | 'no driver' | 'bug'
  readonly message: string
  /** For `corrupt`: file and row. */
  readonly place: string
  /** For `newer schema`: version found. */
  readonly version: number
}

export type Reply = { readonly ok: true; readonly result: BatchResult } | { readonly ok: false; readonly failure: BatchFailure }
