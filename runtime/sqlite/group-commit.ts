import { Acknowledgements } from './acknowledgements.ts'
import type { Clock } from '../contracts/clock.ts'
import { CorruptJournalError, InvalidOptionError, NewerSchemaError, StoreUnavailableError } from '../contracts/errors.ts'
import { DatabaseThread } from './database-thread.ts'
import { LogBuilder } from './log-record.ts'
import type { AppendRecord, StartRecord } from './log-record.ts'
import type {
  BatchFailure,
  BatchResult,
  Input,
  LogBatch,
  LogResult,
  OpenOptions,
  Output,
  Request,
  RequestKind,
  StartResult,
} from './protocol.ts'
import { MIGRATIONS_KNOWN } from './schema-version.ts'

/** What waits for its batch: told in the order in which it was added. */
export interface PendingRecord {
  /** The record's kind decides what a success brings: a start's result, nothing for an append. */
  readonly record: Omit<AppendRecord, 'kind'> | Omit<StartRecord, 'kind'>
  succeeded(start: StartResult | undefined): void
  failed(error: unknown): void
  /** Asked before it is sent: false when something before it has failed meanwhile, which it would follow with a gap. */
  fits(): boolean
  /** Makes the error for "another worker owns this now". */
  fenced(): unknown
}

interface PendingRequest {
  readonly request: Request
  readonly resolve: (value: never) => void
  readonly reject: (error: unknown) => void
}

/** Keeps the database row below the sizes SQLite handles well; what is over waits for the next batch. */
const MAX_LOG_BYTES = 16 * 1024 * 1024
const MAX_RECORDS = 4000

/** Roughly what telling one success costs, with the code that goes on behind it. */
const TELLING_MS = 0.004

/**
 * Gathers what the store is asked to do while the database thread is busy, and hands it over as one batch: one transaction,
 * one sync, whoever waits for it.
 *
 * Invariants
 * 1. At most one batch is under way; records and requests go in the order they came, records before requests of a batch.
 * 2. Everything added is answered exactly once, successes in order. Failures are told before the next batch is sent, so that
 *    what was queued behind them is held back.
 */
export class GroupCommit {
  /** The store's name, for messages. */
  readonly name: string
  readonly #clock: Clock
  readonly #thread: DatabaseThread
  readonly #acknowledgements = new Acknowledgements()
  #records = new Map<number, PendingRecord[]>()
  #requests: PendingRequest[] = []
  #scheduled = false
  /** How long the last batch took. */
  #lastMs = 0
  #underWay: Promise<void> | undefined

  constructor(name: string, clock: Clock, options: OpenOptions) {
    this.name = name
    this.#clock = clock
    this.#thread = new DatabaseThread(options)
  }

  /** Adds a record to the next batch's log of this session (0: no owner). */
  add(session: number, pending: PendingRecord): void {
    const records = this.#records.get(session)
    if (records === undefined) this.#records.set(session, [pending])
    else records.push(pending)
    if (!this.#scheduled) this.#schedule()
  }

  request<Kind extends RequestKind>(kind: Kind, input: Input<Kind>): Promise<Output<Kind>> {
    return new Promise<Output<Kind>>((resolve, reject) => {
      this.#requests.push({ request: { kind, ...input } as unknown as Request, resolve: resolve as (value: never) => void, reject })
      if (!this.#scheduled) this.#schedule()
    })
  }

  /** Waits for everything under way and closes the database. What fails then has been told to whoever asked for it. */
  async close(): Promise<void> {
    await this.request('close', {}).catch(() => undefined)
    await this.#thread.stop()
  }

  /** The check phase comes after all continuations of what was just acknowledged: their appends share the next batch. */
  #schedule(): void {
    this.#scheduled = true
    if (this.#underWay === undefined) setImmediate(this.#send)
  }

  readonly #send = (): void => {
    // Whoever is still to be told will append too. On a slow disk waiting for them saves a sync, on a fast one it wastes time.
    const untold = this.#acknowledgements.untold
    if (untold > 0 && untold * TELLING_MS < this.#lastMs) return void setImmediate(this.#send)
    this.#underWay = this.#flush().finally(() => {
      this.#underWay = undefined
      this.#scheduled = this.#requests.length > 0 || this.#records.size > 0
      if (this.#scheduled) setImmediate(this.#send)
    })
  }

  async #flush(): Promise<void> {
    const batches = this.#takeRecords()
    const requests = this.#requests
    // Requests see what was added before them, so they wait until it is all sent.
    this.#requests = this.#records.size > 0 ? requests : []
    const sent = this.#records.size > 0 ? [] : requests
    this.#scheduled = true
    let result: BatchResult
    try {
      const logs = batches.map(({ session, records }): LogBatch => ({ session, records: pack(records) }))
      const sentAt = performance.now()
      const reply = await this.#thread.execute({ now: this.#clock.now(), logs, requests: sent.map(({ request }) => request) })
      this.#lastMs = performance.now() - sentAt
      if (!reply.ok) throw this.#error(reply.failure, sent)
      ;({ result } = reply)
    } catch (cause) {
      const error = isOurs(cause) ? cause : new StoreUnavailableError(this.name, operation(sent), { cause })
      for (const { records } of batches) for (const pending of records) pending.failed(error)
      for (const { reject } of sent) reject(error)
      return
    }
    result.logs.forEach((log, i) => this.#settle(batches[i]?.records ?? [], log))
    this.#acknowledgements.add(sent.length, (i) => sent[i]?.resolve(result.results[i] as never))
  }

  /** Takes what fits into one batch, per session. */
  #takeRecords(): { readonly session: number; readonly records: readonly PendingRecord[] }[] {
    const all = this.#records
    this.#records = new Map()
    let bytes = 0
    return [...all].map(([session, waiting]) => {
      const records = waiting.filter((pending) => {
        if (pending.fits()) return true
        pending.failed(new StoreUnavailableError(this.name, 'append'))
        return false
      })
      let count = 0
      while (count < records.length && count < MAX_RECORDS && bytes < MAX_LOG_BYTES)
        bytes += (records[count++] as PendingRecord).record.entries.length
      if (count < records.length) this.#records.set(session, records.slice(count))
      return { session, records: records.slice(0, count) }
    })
  }

  #settle(records: readonly PendingRecord[], log: LogResult): void {
    if (log === 'fenced') {
      for (const pending of records) pending.failed(pending.fenced())
      return
    }
    let start = 0
    this.#acknowledgements.add(records.length, (i) => {
      const pending = records[i]
      pending?.succeeded('instance' in pending.record ? undefined : log.starts[start++])
    })
  }

  #error({ reason, message, place, version }: BatchFailure, requests: readonly PendingRequest[]): Error {
    switch (reason) {
      case 'corrupt':
        return new CorruptJournalError(place, message)
      case 'newer schema':
        return new NewerSchemaError(place, version, MIGRATIONS_KNOWN)
      case 'no driver':
        return new InvalidOptionError('journal', this.name, message)
      case 'unavailable':
      case 'bug':
        return new StoreUnavailableError(this.name, operation(requests), { cause: new Error(message) })
    }
  }
}

function pack(records: readonly PendingRecord[]): Uint8Array<ArrayBuffer> {
  const builder = new LogBuilder()
  for (const { record } of records) {
    if ('instance' in record) builder.append(record)
    else builder.start(record)
  }
  return builder.finish()
}

function operation(requests: readonly PendingRequest[]): string {
  const kinds = new Set(requests.map(({ request }) => request.kind))
  return kinds.size === 0 ? 'append' : [...kinds].join(', ')
}

function isOurs(error: unknown): boolean {
  return (
    error instanceof CorruptJournalError ||
    error instanceof NewerSchemaError ||
    error instanceof InvalidOptionError ||
    error instanceof StoreUnavailableError
  )
}
