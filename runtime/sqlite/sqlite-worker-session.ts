import type { Clock } from '../contracts/clock.ts'
import { FencedError } from '../contracts/errors.ts'
import type { ClaimedInstance, ClaimOptions, InstanceRef, StartOutcome, StartRequest, WorkerSession } from '../contracts/journal-store.ts'
import type { GroupCommit } from './group-commit.ts'
import { SqliteInstanceJournal } from './sqlite-instance-journal.ts'
import { summaryOf } from './summary.ts'
import type { Notices } from './notices.ts'
import { startInstance } from './start-instance.ts'
import { toUtf16 } from './utf16.ts'

/** What a session needs of its store. */
export interface SessionContext {
  readonly commit: GroupCommit
  readonly clock: Clock
  readonly notices: Notices
  /** Called once, when the session has ended. */
  readonly ended: (session: SqliteWorkerSession) => void
}

/** A worker's membership in a SQLite store; see `WorkerSession`. */
export class SqliteWorkerSession implements WorkerSession {
  readonly worker: string
  readonly number: number
  readonly fenced: AbortSignal
  readonly #context: SessionContext
  readonly #leaseMs: number
  readonly #fence = new AbortController()

  constructor(context: SessionContext, worker: string, leaseMs: number, number: number) {
    this.#context = context
    this.worker = worker
    this.#leaseMs = leaseMs
    this.number = number
    this.fenced = this.#fence.signal
  }

  /** True once nothing may be written any more. */
  get over(): boolean {
    return this.#fence.signal.aborted
  }

  get commit(): GroupCommit {
    return this.#context.commit
  }

  now(): number {
    return this.#context.clock.now()
  }

  async renew(): Promise<void> {
    this.#check()
    const outcome = await this.commit.request('renew', { session: this.number, leaseMs: this.#leaseMs })
    if (outcome === 'fenced') throw this.fence()
  }

  async start(request: StartRequest): Promise<StartOutcome> {
    this.#check()
    const outcome = await startInstance(this.commit, request, this.number, () => this.fence())
    if (!outcome.created) return outcome
    const journal = new SqliteInstanceJournal(this, {
      ref: { process: request.process, id: request.id },
      instance: outcome.instance,
      epoch: 1,
      run: 1,
      entries: 1,
      ahead: undefined,
    })
    return { created: true, journal }
  }

  async claim({ processes, limit }: ClaimOptions): Promise<readonly ClaimedInstance[]> {
    this.#check()
    const rows = await this.commit.request('claim', { session: this.number, processes: processes.map(toUtf16), limit })
    if (rows === 'fenced') throw this.fence()
    return rows.map(({ summary: row, takeovers, ahead }) => {
      const summary = summaryOf(row, this.commit.name)
      const { process, id, epoch, run, entries } = summary
      return {
        journal: new SqliteInstanceJournal(this, { ref: { process, id }, instance: row.instance, epoch, run, entries, ahead }),
        summary,
        takeovers,
      }
    })
  }

  async nextWakeAt(processes: readonly string[]): Promise<number | undefined> {
    this.#check()
    return this.commit.request('nextWakeAt', { processes: processes.map(toUtf16) })
  }

  onDelivery(instance: number, listener: () => void): () => void {
    return this.#context.notices.onDelivery(instance, listener)
  }

  settled(ref: InstanceRef): void {
    this.#context.notices.settled(ref)
  }

  /** The store has learnt that this session was fenced. */
  fence(): FencedError {
    const error = new FencedError(`What worker "${this.worker}" was running`)
    if (!this.over) {
      this.#fence.abort(error)
      this.#context.ended(this)
    }
    return error
  }

  /** Asks the database whether the session still lives, and ends it here if it does not. */
  async confirm(): Promise<void> {
    if (this.over) return
    await this.renew().catch((error: unknown) => {
      if (!(error instanceof FencedError)) throw error
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.over) return
    this.fence()
    await this.commit.request('leave', { session: this.number })
  }

  #check(): void {
    if (this.over) throw new FencedError(`What worker "${this.worker}" was running`)
  }
}
