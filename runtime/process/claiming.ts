/**
 * When a worker looks for instances to take over: at intervals, when one is due, when a message may have woken one, and when there is
 * room for what had none.
 *
 * Invariants
 * 1. One claim is under way at a time; whoever asks meanwhile gets one that begins after it asked.
 * 2. One timer is set, for the next instance that is known to wake, however many there are.
 */
import type { Clock } from '../contracts/clock.ts'
import type { ClaimedInstance, InstanceRef, WorkerSession } from '../contracts/journal-store.ts'
import { turn } from './drain.ts'

/** The worker as its claims see it. */
export interface Claimant {
  /** Absent while the worker may not claim. */
  readonly claimingSession: WorkerSession | undefined
  /** Instances it may run beside those it has. */
  readonly room: number
  readonly processes: readonly string[]
  takeOver(session: WorkerSession, claimed: ClaimedInstance): Promise<void>
  /** Whether the instance runs here, and so hears of its messages. If the store has parked it by now, the worker thinks of this when it learns of that. */
  notesMail(ref: InstanceRef): boolean
  sessionFailed(session: WorkerSession, error: unknown): void
}

/** Many instances may be due at once: others get a turn between two lots of them. */
const CLAIM_AT_ONCE = 1000

export class Claiming {
  readonly #claimant: Claimant
  readonly #clock: Clock
  readonly #pollMs: number
  readonly #maxInFlight: number
  #underWay: Promise<void> | undefined
  /** What came up while a claim was under way may have been missed by it. */
  #again = false
  /** Something may have been left for want of room. */
  #hadNoRoom = false
  /** When the next instance that this worker knows of wakes. */
  #wakesAt = Infinity
  /** How often in a row the store did not give what should be due. */
  #futileLooks = 0
  #stopWake: () => void = () => undefined

  constructor(claimant: Claimant, options: { readonly clock: Clock; readonly pollMs: number; readonly maxInFlight: number }) {
    this.#claimant = claimant
    this.#clock = options.clock
    this.#pollMs = options.pollMs
    this.#maxInFlight = options.maxInFlight
  }

  get underWay(): Promise<void> | undefined {
    return this.#underWay
  }

  /** Takes over what nobody runs, as far as there is room. */
  claim(): Promise<void> {
    this.#again = true
    return (this.#underWay ??= this.#claimAll().finally(() => {
      this.#underWay = undefined
    }))
  }

  async #claimAll(): Promise<void> {
    while (this.#again) {
      this.#again = false
      await this.#claim()
    }
  }

  async #claim(): Promise<void> {
    const { claimingSession: session, processes, room } = this.#claimant
    if (room <= 0) this.#hadNoRoom = true
    if (session === undefined || room <= 0 || processes.length === 0) return
    const limit = Math.min(CLAIM_AT_ONCE, room)
    try {
      const claimed = await session.claim({ processes, limit })
      if (claimed.length === limit) this.#again = true
      await Promise.all(claimed.map((instance) => this.#claimant.takeOver(session, instance)))
    } catch (error) {
      this.#claimant.sessionFailed(session, error)
    }
  }

  /**
   * A message may wake an instance that nobody runs. A claim in the same breath costs a store that takes requests in order no second
   * way; where that was too early, the message delivered brings another.
   */
  messageFor(ref: InstanceRef, stage: 'sent' | 'delivered'): void {
    if (stage === 'delivered') void turn().then(() => this.messageFor(ref, 'sent'))
    else if (this.#claimant.claimingSession !== undefined && !this.#claimant.notesMail(ref)) void this.claim()
  }

  /** Claims what is due, and learns when the next is: also what other workers have parked. */
  async look(): Promise<void> {
    await this.claim()
    const { claimingSession: session, processes, room } = this.#claimant
    if (session === undefined || room <= 0) return
    try {
      this.expectWake(await session.nextWakeAt(processes))
    } catch (error) {
      this.#claimant.sessionFailed(session, error)
    }
  }

  /** Looks again then. */
  expectWake(at: number | undefined): void {
    if (at === undefined || at >= this.#wakesAt || this.#claimant.claimingSession === undefined) return
    this.#stopWake()
    this.#wakesAt = at
    const leftMs = at - this.#clock.now()
    // Due here and not in the store: its clock is behind, by less than a millisecond or by a lot.
    this.#futileLooks = leftMs > 0 ? 0 : this.#futileLooks + 1
    const delayMs = leftMs > 0 ? leftMs : Math.min(this.#pollMs, 2 ** this.#futileLooks)
    this.#stopWake = this.#clock.setTimer(delayMs, () => {
      this.#wakesAt = Infinity
      void this.look()
    })
  }

  /** A place has become free. Not for each is claimed: a claim of many costs little more than one of few. */
  roomLeft(): void {
    if (!this.#hadNoRoom || this.#claimant.room * 2 < this.#maxInFlight) return
    this.#hadNoRoom = false
    void this.look()
  }

  stop(): void {
    this.#stopWake()
  }
}
