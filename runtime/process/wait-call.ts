/**
 * One `sleep`, `waitFor` or `tryWaitFor` in process code, from its arguments to its outcome.
 *
 * Invariants
 * 1. When it is due is journaled (`timer-set`) before the timer can fire, and read from the journal by the next owner.
 * 2. Of a signal and a timeout the one that is first in the journal counts. The other one is not for this call any more: a later
 *    signal goes to the next wait, a later `timer-fired` is passed over, on first run and on replay alike.
 * 3. A wait is due when the clock says so. A clock set back makes it longer, one set forward shorter.
 */
import { NonDeterminismError, WaitTimeoutError } from '../contracts/errors.ts'
import { callKey, type Payload } from '../contracts/journal-entry.ts'
import type { CallOutcome, DurableCall } from './durable-call.ts'
import type { SiteManifest } from './manifest.ts'
import type { Outcome } from './replay.ts'
import type { Run } from './run.ts'
import type { WaitRequest } from './wait-request.ts'

export class WaitCall implements DurableCall {
  readonly run: Run
  readonly scope: string
  readonly manifestSite: SiteManifest
  readonly n: number
  /** Name of the signal it waits for; none when it only sleeps. */
  readonly signal: string | undefined
  readonly promise: Promise<unknown>
  isSettled = false
  readonly #timeoutMs: number | undefined
  #dueAt: number | undefined
  #stopTimer: (() => void) | undefined
  #resolve!: (value: unknown) => void
  #reject!: (error: unknown) => void

  constructor(run: Run, scope: string, site: SiteManifest, n: number, request: WaitRequest) {
    this.run = run
    this.scope = scope
    this.manifestSite = site
    this.n = n
    this.signal = request.signal
    this.#timeoutMs = request.timeoutMs
    this.#dueAt = request.dueAt
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    if (site.mode === 'detached') run.delivery.strandOpened()
  }

  get site(): string {
    return this.manifestSite.site
  }

  /** When it ends by itself. */
  get dueAt(): number | undefined {
    return this.#dueAt
  }

  begin(): void {
    if (this.#dueAt === undefined || this.isSettled || this.run.isDraining) return
    const recorded = this.run.timers?.get(callKey(this))
    if (recorded !== undefined) this.#dueAt = recorded
    else {
      const { scope, site, n } = this
      this.run.append({ kind: 'timer-set', at: this.run.stamp(), scope, site, n, dueAt: this.#dueAt })
    }
    this.arm()
  }

  /** Ends it if it is due, else sets the clock for what is left. */
  arm(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
    const leftMs = this.#dueAt! - this.run.clock.now()
    // Asked again when the timer is over: the clock may have been set back, or the timer early by a part of a millisecond.
    if (leftMs > 0) this.#stopTimer = this.run.clock.setTimer(leftMs, () => this.arm())
    else this.run.timerFired(this)
  }

  /** What process code gets when it is due. */
  timedOut(): CallOutcome {
    const { signal } = this
    if (signal === undefined) return { ok: true, value: undefined }
    const error = new WaitTimeoutError(signal, this.#timeoutMs!)
    return this.#isTry ? { ok: true, value: { ok: false, error } } : { ok: false, error }
  }

  /** The signal it waits for is there. */
  received(payload: Payload): void {
    let value: unknown
    try {
      value = this.run.codec.decode(payload, `payload of signal "${this.signal}"`)
    } catch (error) {
      return this.settle({ ok: false, error })
    }
    this.settle({ ok: true, value: this.#isTry ? { ok: true, value } : value })
  }

  get #isTry(): boolean {
    return this.manifestSite.method === 'tryWaitFor'
  }

  settle(outcome: CallOutcome): void {
    this.isSettled = true
    this.drop()
    if (outcome.ok) this.#resolve(outcome.value)
    else this.#reject(outcome.error)
  }

  outcomeOf(entry: Outcome): CallOutcome | undefined {
    if (entry.kind === 'timer-fired') return this.timedOut()
    const place = `"${callKey(this)}" (line ${this.manifestSite.line})`
    this.run.fault(new NonDeterminismError(place, `the outcome of step "${entry.method}"`, `a call of ${this.manifestSite.method}`))
    return undefined
  }

  cancel(): void {
    this.drop()
  }

  drop(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
    if (this.signal !== undefined) this.run.delivery.signals.stopWaiting(this)
  }
}
