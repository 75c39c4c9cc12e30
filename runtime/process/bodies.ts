/**
 * Step bodies of one run that are under way.
 *
 * Invariants
 * 1. A body runs inline (`run.inline`) or is driven, and is counted here until it has ended, whatever became of its call.
 * 2. What earlier owners did for a call without outcome (attempts, starts) is used once, when the call is made again.
 */
import type { CancelledError } from '../contracts/errors.ts'
import { callKey } from '../contracts/journal-entry.ts'
import { type Driven, drive, driveAfterFailure } from './drive.ts'
import type { CallHistory } from './replay.ts'
import type { Run } from './run.ts'
import type { StepCall } from './step-call.ts'

export class Bodies {
  readonly #run: Run
  /** Made when first needed: bodies of most runs are inline. */
  #driven: Set<Driven> | undefined
  #history: Map<string, CallHistory> | undefined
  #onInlineEnd: (() => void) | undefined
  /** Ends the grace of a cancelled inline body. */
  #stopGrace: (() => void) | undefined

  constructor(run: Run) {
    this.#run = run
  }

  /** 0 when a body may run inline as far as others are concerned. */
  get load(): number {
    return (this.#driven?.size ?? 0) + (this.#history === undefined ? 0 : 1)
  }

  get areUnderWay(): boolean {
    return this.areDriven || this.#run.inline !== undefined
  }

  get areDriven(): boolean {
    return this.#driven !== undefined && this.#driven.size > 0
  }

  /** The longest timeout of those the runtime drives, in milliseconds. */
  get longestTimeoutMs(): number {
    return Math.max(0, ...[...(this.#driven ?? [])].map(({ call }) => call.step?.timeoutMs ?? 0))
  }

  /** Notes what earlier owners did. */
  recall(history: Map<string, CallHistory>): void {
    this.#history = history
  }

  /** Has the runtime call the body, as often as its policy allows. */
  drive(call: StepCall): void {
    const key = this.#history === undefined ? '' : callKey(call)
    const history = this.#history?.get(key)
    this.#history?.delete(key)
    if (this.#history?.size === 0) this.#history = undefined
    this.#track(drive(this.#run, call, history))
    this.#run.recount()
  }

  /** Goes on after an inline first attempt failed. */
  retry(call: StepCall, error: unknown): void {
    this.#track(driveAfterFailure(this.#run, call, error))
  }

  /** Asks the body of a cancelled call to end. An inline one cannot be left: if it goes on, the instance is run again from its journal. */
  cancel(call: StepCall, reason: CancelledError): void {
    const run = this.#run
    if (run.inline === call) {
      call.control.abort(reason)
      const grace = run.wait(run.services.settleGraceMs)
      this.#stopGrace = grace.stop
      void grace.over.then(() => {
        if (run.inline === call && !run.dead) run.abandon({ kind: 'restart' })
      })
    }
    for (const driven of this.#driven ?? []) {
      if (driven.call !== call) continue
      driven.control?.abort(reason)
      driven.wake()
    }
  }

  inlineEnded(): void {
    this.#run.inline = undefined
    this.#stopGrace?.()
    this.#stopGrace = undefined
    this.#onInlineEnd?.()
    this.#onInlineEnd = undefined
  }

  /** Ends backoffs. */
  wake(): void {
    for (const driven of this.#driven ?? []) driven.wake()
  }

  /** Tells all bodies to end. */
  abort(reason: unknown): void {
    for (const driven of this.#driven ?? []) {
      driven.control?.abort(reason)
      driven.wake()
    }
    this.#run.inline?.control.abort(reason)
  }

  /** Resolves when those under way now have ended. */
  async quiet(): Promise<void> {
    const ends = [...(this.#driven ?? [])].map(({ ended }) => ended)
    if (this.#run.inline !== undefined) ends.push(new Promise((resolve) => (this.#onInlineEnd = resolve)))
    await Promise.allSettled(ends)
  }

  #track(driven: Driven): void {
    const all = (this.#driven ??= new Set())
    all.add(driven)
    const end = (): void => {
      all.delete(driven)
      this.#run.recount()
    }
    driven.ended.then(end, (error: unknown) => {
      end()
      this.#run.fault(error)
    })
  }
}
