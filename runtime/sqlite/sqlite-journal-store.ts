import { basename } from 'node:path'
import { SystemClock } from '../clock/system-clock.ts'
import type { Clock } from '../contracts/clock.ts'
import { InvalidOptionError, ProcessNotFoundError, StoreUnavailableError } from '../contracts/errors.ts'
import type { JournalEntry } from '../contracts/journal-entry.ts'
import type {
  DeleteOutcome,
  FinishedStatus,
  InboxMessage,
  InstanceRef,
  InstanceSummary,
  JournalStore,
  ListOptions,
  StartOutcome,
  StartRequest,
  WorkerSession,
} from '../contracts/journal-store.ts'
import { GroupCommit } from './group-commit.ts'
import { statusNumber } from './log-record.ts'
import { decodeBodies } from './pieces.ts'
import { Notices } from './notices.ts'
import type { StoredRef, SummaryRow } from './protocol.ts'
import { SqliteWorkerSession } from './sqlite-worker-session.ts'
import { startInstance } from './start-instance.ts'
import { encodeMessage } from './stored-message.ts'
import { summaryOf } from './summary.ts'
import { ownIdentity } from './thread/process-liveness.ts'
import { fromUtf16, toUtf16 } from './utf16.ts'

/** How a SQLite journal is opened. */
export interface SqliteJournalOptions {
  /** Database file; created when it is not there. Its folder must exist. */
  readonly path: string
  /** Time for leases and wake-ups; default real time. */
  readonly clock?: Clock
  /** How often other OS processes' changes are looked for while somebody waits for one, in milliseconds; default 100. */
  readonly pollIntervalMs?: number
  /** How long a write waits for another OS process that is writing, in milliseconds; default 5000. */
  readonly busyTimeoutMs?: number
  /** Largest size of the database, in pages of 4 KiB; default no limit. */
  readonly maxPages?: number
}

/**
 * Keeps process instances in a SQLite database, durable through a crash of the machine.
 *
 * ```ts
 * const app = createApp({ journal: sqliteJournal('orders.db') })
 * ```
 *
 * Several OS processes of one machine may open the same file. Needs Node 22.13, or the package `@photostructure/sqlite`.
 */
export function sqliteJournal(options: string | SqliteJournalOptions): SqliteJournalStore {
  return new SqliteJournalStore(typeof options === 'string' ? { path: options } : options)
}

/** Summaries read at once by `list`. */
const PAGE = 500

/**
 * Process instances in a SQLite database, written by a thread of its own so that a slow disk does not stop the event loop.
 *
 * Invariants
 * 1. Nothing is acknowledged before the transaction that holds it is synced to disk.
 * 2. The database is opened by the first operation, which also reports what is wrong with it.
 */
export class SqliteJournalStore implements JournalStore {
  readonly name: string
  readonly #clock: Clock
  readonly #commit: GroupCommit
  readonly #notices: Notices
  readonly #sessions = new Set<SqliteWorkerSession>()
  #closed: Promise<void> | undefined

  constructor(options: SqliteJournalOptions) {
    const { path, clock = new SystemClock(), pollIntervalMs = 100, busyTimeoutMs = 5000, maxPages = 0 } = options
    if (typeof path !== 'string' || path === '') throw new InvalidOptionError('path', path, 'give the name of the database file')
    for (const [option, value] of Object.entries({ pollIntervalMs, busyTimeoutMs, maxPages })) {
      if (!Number.isInteger(value) || value < 0) throw new InvalidOptionError(option, value, 'give a whole number, not below 0')
    }
    this.name = `sqlite ${basename(path)}`
    this.#clock = clock
    this.#commit = new GroupCommit(this.name, clock, { path, busyTimeoutMs, maxPages })
    this.#notices = new Notices(this.#commit, pollIntervalMs)
  }

  async join({ worker, leaseMs }: { readonly worker: string; readonly leaseMs: number }): Promise<WorkerSession> {
    if (!(leaseMs > 0 && Number.isFinite(leaseMs)))
      throw new InvalidOptionError('leaseMs', leaseMs, 'give a positive number of milliseconds')
    const number = await this.#open('join').request('join', { worker: toUtf16(worker), leaseMs, identity: ownIdentity() })
    const context = {
      commit: this.#commit,
      clock: this.#clock,
      notices: this.#notices,
      ended: (session: SqliteWorkerSession) => this.#sessions.delete(session),
    }
    const session = new SqliteWorkerSession(context, worker, leaseMs, number)
    this.#sessions.add(session)
    return session
  }

  async start(request: StartRequest): Promise<StartOutcome> {
    const outcome = await startInstance(this.#open('start'), request, 0, () => new StoreUnavailableError(this.name, 'start'))
    return outcome.created ? { created: true } : outcome
  }

  async deliver(ref: InstanceRef, message: InboxMessage): Promise<'delivered' | 'not found' | 'finished'> {
    const { outcome, owned } = await this.#open('deliver').request('deliver', {
      ...storedRef(ref),
      messageId: toUtf16(message.id),
      wakesStuck: message.kind !== 'signal',
      message: encodeMessage(message),
    })
    if (owned !== undefined) this.#notices.delivered(owned.instance, owned.position)
    return outcome
  }

  async get(ref: InstanceRef): Promise<InstanceSummary | undefined> {
    const row = await this.#open('get').request('get', storedRef(ref))
    return row === undefined ? undefined : summaryOf(row, this.name)
  }

  async *read(ref: InstanceRef, options: { readonly run?: number } = {}): AsyncIterable<JournalEntry> {
    const bodies = await this.#open('read').request('read', { ...storedRef(ref), run: options.run })
    yield* decodeBodies(bodies, `${this.name}, process "${ref.process}"`)
  }

  async *list(options: ListOptions = {}): AsyncIterable<InstanceSummary> {
    const { process, status, after, limit = Infinity } = options
    let from: StoredRef | number | undefined = after === undefined ? undefined : storedRef(after)
    for (let left = limit; left > 0;) {
      const size = Math.min(left, PAGE)
      const page: readonly SummaryRow[] | 'not found' = await this.#open('list').request('list', {
        process: process === undefined ? undefined : toUtf16(process),
        status: statusNumber(status),
        after: from,
        limit: size,
      })
      if (page === 'not found') throw new ProcessNotFoundError(after?.process ?? '', after?.id ?? '')
      for (const row of page) yield summaryOf(row, this.name)
      from = page.at(-1)?.instance
      if (page.length < size || from === undefined) return
      left -= page.length
    }
  }

  delete(ref: InstanceRef): Promise<DeleteOutcome> {
    return this.#open('delete').request('delete', storedRef(ref))
  }

  prune({ status, before, limit }: { readonly status: FinishedStatus; readonly before: number; readonly limit: number }): Promise<number> {
    return this.#open('prune').request('prune', { status: statusNumber(status), before, limit })
  }

  async saveShape(hash: string, description: string): Promise<void> {
    await this.#open('saveShape').request('saveShape', { hash: toUtf16(hash), description: toUtf16(description) })
  }

  async loadShape(hash: string): Promise<string | undefined> {
    const description = await this.#open('loadShape').request('loadShape', { hash: toUtf16(hash) })
    return description === undefined ? undefined : fromUtf16(description)
  }

  onSettled(ref: InstanceRef, listener: () => void): () => void {
    const stop = this.#notices.onSettled(ref, listener)
    // It may have settled before anybody listened.
    void this.get(ref).then(
      (summary) => {
        if (summary !== undefined && ['stuck', 'completed', 'failed', 'cancelled'].includes(summary.status)) this.#notices.settled(ref)
      },
      () => undefined,
    )
    return stop
  }

  /** Ends this store's sessions, waits for what is under way and closes the database. */
  [Symbol.asyncDispose](): Promise<void> {
    return (this.#closed ??= this.#close())
  }

  async #close(): Promise<void> {
    this.#notices.close()
    await Promise.all([...this.#sessions].map((session) => session[Symbol.asyncDispose]().catch(() => undefined)))
    await this.#commit.close()
  }

  #open(operation: string): GroupCommit {
    if (this.#closed !== undefined) throw new StoreUnavailableError(this.name, operation, { cause: new Error('the store is closed') })
    return this.#commit
  }
}

function storedRef({ process, id }: InstanceRef): StoredRef {
  return { process: toUtf16(process), id: toUtf16(id) }
}
