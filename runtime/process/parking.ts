/**
 * When a run gives its instance up to the store: process code waits for a time or a message and for nothing else.
 *
 * Invariants
 * 1. No user code runs because of it, and nothing is settled: the next owner goes on from the journal.
 * 2. From the moment the store is asked until it has answered, the run writes nothing: what becomes due or arrives meanwhile is
 *    left to the answer. A refusal lets it go on, with what came.
 * 3. The store refuses when the inbox holds a message, so no wake is lost.
 */
import { StoreUnavailableError } from '../contracts/errors.ts'
import { turn } from './drain.ts'
import type { RunOwner } from './run-end.ts'
import type { Run } from './run.ts'

/** How long to leave a store alone that could not be reached, in milliseconds. */
const RETRY_MS = 50

export class Parking {
  readonly #run: Run
  readonly #owner: RunOwner
  #stopTimer: (() => void) | undefined
  /** The store was asked and has not answered. */
  isUnderWay = false
  /**
   * Parking at once would go round in circles: there was a message that the run may not have been able to read yet, or the store has
   * only now woken it, perhaps by another clock.
   */
  #holdsBack: boolean

  constructor(run: Run, owner: RunOwner, wasWoken: boolean) {
    this.#run = run
    this.#owner = owner
    this.#holdsBack = wasWoken
  }

  /** Something changed: if the run does nothing but wait now, it is parked when that stays so for a while. */
  consider(): void {
    const run = this.#run
    if (this.#stopTimer !== undefined || this.isUnderWay || !this.#onlyWaits) return
    const { idleRuns } = run.services
    const holdsBack = this.#holdsBack
    if (!holdsBack) idleRuns.add(this)
    const { seq } = run.writer
    this.#stopTimer = run.clock.setTimer(holdsBack ? Math.max(RETRY_MS, idleRuns.afterMs) : idleRuns.afterMs, () => {
      this.stop()
      this.#holdsBack = false
      if (run.writer.seq === seq && !this.#isSoonDue(idleRuns.afterMs)) return void this.#park()
      // A clock that was set forward is not noticed by its timers.
      if (this.#onlyWaits) run.delivery.rearm()
      this.consider()
    })
    if (idleRuns.isCrowded && !holdsBack) void turn().then(() => this.parkNow())
  }

  /** Others wait for the place. */
  parkNow(): void {
    this.stop()
    void this.#park()
  }

  /** Nothing is left of it. */
  stop(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
    this.#run.services.idleRuns.delete(this)
  }

  /** It would be back before it was worth it. */
  #isSoonDue(withinMs: number): boolean {
    const { dueAt } = this.#run.delivery
    return dueAt !== undefined && dueAt - this.#run.clock.now() <= withinMs
  }

  async #park(): Promise<void> {
    const run = this.#run
    if (this.isUnderWay || !this.#onlyWaits) return
    this.isUnderWay = true
    // What is not durable yet could be lost with the lease, after the store has parked the instance.
    await run.writer.flushed()
    const outcome = this.#onlyWaits ? await this.#ask() : 'inbox moved'
    if (run.dead) return
    this.isUnderWay = false
    if (outcome === 'parked') return run.abandon({ kind: 'parked', wakeAt: run.delivery.dueAt })
    this.#holdsBack = true
    this.#goOn()
    this.consider()
  }

  /** The store did not park the instance: what became due or came meanwhile is looked at. */
  #goOn(): void {
    if (this.#run.isDraining) return
    this.#run.delivery.rearm()
    this.#owner.inboxMoved()
  }

  /** Nothing goes on but waiting. */
  get #onlyWaits(): boolean {
    const run = this.#run
    return run.isRunning && !run.isDraining && !run.bodies.areUnderWay && run.delivery.onlyWaits
  }

  async #ask(): Promise<'parked' | 'inbox moved'> {
    const run = this.#run
    while (!run.dead) {
      try {
        return await run.writer.journal.park(run.delivery.dueAt)
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) run.lost(error)
      }
      // Nobody knows whether it is parked. Asked again, the store answers the same.
      if (!run.dead) await run.wait(RETRY_MS).over
    }
    return 'inbox moved'
  }
}
