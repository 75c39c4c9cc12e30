import { FencedError } from '../contracts/errors.ts'
import type { ClaimedInstance, ClaimOptions, StartOutcome, StartRequest, WorkerSession } from '../contracts/journal-store.ts'
import type { MemoryJournalStore } from './memory-journal-store.ts'

/** A worker's membership in a memory store; see `WorkerSession`. */
export class MemoryWorkerSession implements WorkerSession {
  readonly worker: string
  readonly fenced: AbortSignal
  readonly store: MemoryJournalStore
  readonly #leaseMs: number
  readonly #fence = new AbortController()
  #expiresAt: number

  constructor(store: MemoryJournalStore, worker: string, leaseMs: number) {
    this.store = store
    this.worker = worker
    this.#leaseMs = leaseMs
    this.#expiresAt = store.clock.now() + leaseMs
    this.fenced = this.#fence.signal
  }

  expired(now: number): boolean {
    return this.#expiresAt <= now
  }

  /** Ends the session for ever. The store has taken its instances away, or does so next. */
  end(): void {
    this.#fence.abort(this.#error())
  }

  async renew(): Promise<void> {
    this.#check()
    this.#expiresAt = this.store.clock.now() + this.#leaseMs
  }

  start(request: StartRequest): StartOutcome {
    if (this.#fence.signal.aborted) throw this.#error()
    return this.store.create(request, this)
  }

  async claim(options: ClaimOptions): Promise<readonly ClaimedInstance[]> {
    this.#check()
    return this.store.claim(this, options)
  }

  async nextWakeAt(processes: readonly string[]): Promise<number | undefined> {
    this.#check()
    return this.store.nextWakeAt(processes)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#fence.signal.aborted) this.store.leave(this)
  }

  #check(): void {
    if (this.#fence.signal.aborted) throw this.#error()
  }

  #error(): FencedError {
    return new FencedError(`What worker "${this.worker}" was running`)
  }
}
