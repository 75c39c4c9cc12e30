import type { ClaimedInstance, ClaimOptions, StartOutcome, StartRequest, WorkerSession } from '../../runtime/contracts/journal-store.ts'
import { StoreUnavailableError } from '../../runtime/contracts/errors.ts'
import { FaultyJournal } from './faulty-journal.ts'
import type { Link } from './faulty-store.ts'

const REPEAT_MS = 30

/** A worker's membership, across the network. */
export class FaultySession implements WorkerSession {
  readonly worker: string
  readonly fenced: AbortSignal
  readonly #real: WorkerSession
  readonly #link: Link
  readonly #fence = new AbortController()

  constructor(real: WorkerSession, link: Link) {
    this.worker = real.worker
    this.fenced = this.#fence.signal
    this.#real = real
    this.#link = link
    real.fenced.addEventListener('abort', () => link.network.notify(link.machine, () => this.#fence.abort(real.fenced.reason)))
  }

  renew(): Promise<void> {
    return this.#send('renew', () => this.#real.renew(), true)
  }

  start(request: StartRequest): Promise<StartOutcome> {
    return this.#sendUntilAnswered(`start ${request.id}`, async () => {
      const outcome = await this.#real.start(request)
      if (!outcome.created || outcome.journal === undefined) return outcome
      this.#link.record.created(request, outcome.journal.epoch)
      return { created: true, journal: new FaultyJournal(outcome.journal, this.#link) }
    })
  }

  claim(options: ClaimOptions): Promise<readonly ClaimedInstance[]> {
    return this.#sendUntilAnswered('claim', async () => {
      const claimed = await this.#real.claim(options)
      return claimed.map((instance) => {
        this.#link.record.claimed(instance)
        this.#link.log.add(`${this.#link.machine.name} takes ${instance.summary.id} over`)
        return { ...instance, journal: new FaultyJournal(instance.journal, this.#link) }
      })
    })
  }

  nextWakeAt(processes: readonly string[]): Promise<number | undefined> {
    return this.#send('next wake', () => this.#real.nextWakeAt(processes), true)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#send('leave', () => this.#real[Symbol.asyncDispose](), true)
  }

  /**
   * What gives the worker an instance is not lost on the way back: an adapter repeats it, under one id, until it is answered or
   * the session is over.
   */
  async #sendUntilAnswered<T>(operation: string, apply: () => Promise<T>): Promise<T> {
    let applied: Promise<T> | undefined
    for (;;) {
      try {
        return await this.#send(operation, () => (applied ??= apply()))
      } catch (error) {
        if (applied === undefined || !(error instanceof StoreUnavailableError)) throw error
        this.fenced.throwIfAborted()
      }
      await new Promise<void>((resolve) => this.#link.machine.after(REPEAT_MS, resolve))
    }
  }

  #send<T>(operation: string, apply: () => Promise<T>, repeatable = false): Promise<T> {
    return this.#link.network.send({ from: this.#link.machine, operation, apply, repeatable })
  }
}
