/**
 * What process code of one run gets to see, and when: first from its journal, then as its entries become durable.
 *
 * Invariants
 * 1. Outcomes become visible one at a time in journal order, in whatever order their acknowledgements come, and the microtask
 *    queue is drained between two: on first run and on replay alike, so interleavings are equal.
 * 2. Only the commit of an inline body skips queue and drain. Nothing else is visible before it, for nothing else was under way.
 * 3. On replay a call without recorded outcome waits until everything recorded is visible, unless newer code inserted it:
 *    then it runs, and its outcome is visible, when nothing recorded before it can be.
 * 4. A signal is shown where its entry is, to the oldest wait for it or to the next one that is made.
 * 5. A cancel is thrown once, at the oldest outstanding durable call, else at the next one. What that call's body still
 *    does is journaled and never shown.
 * 6. Nothing becomes visible once `execute` has settled or the run is dead.
 */
import type { CancelRequestedEntry, Payload, SignalReceivedEntry } from '../contracts/journal-entry.ts'
import { callKey } from '../contracts/journal-entry.ts'
import { type CancelledError, NonDeterminismError } from '../contracts/errors.ts'
import { type Pumped, scheduleDrain } from './drain.ts'
import { type CallOutcome, type DurableCall, never } from './durable-call.ts'
import { ReceivedSignals } from './received-signals.ts'
import type { Outcome, Replay } from './replay.ts'
import type { Run } from './run.ts'
import { WaitCall } from './wait-call.ts'

/** A place in the order of the journal: what to show once its entry is durable. */
interface Slot {
  /** Absent for what came from outside. */
  readonly call: DurableCall | undefined
  readonly outcome: CallOutcome
  readonly at: number
  durable: boolean
  readonly signal: ReceivedSignal | undefined
}

interface ReceivedSignal {
  readonly name: string
  readonly payload: Payload
}

const NOTHING: CallOutcome = { ok: true, value: undefined }

export class Delivery implements Pumped {
  drainScheduled = false
  readonly #run: Run
  readonly #isSequential: boolean
  #replay: Replay | undefined
  /** Appended and not yet visible, in journal order. */
  readonly #queue: Slot[] = []
  /** Waits whose signal was there before them: shown before anything else, one at a time too. */
  readonly #ready: { readonly call: WaitCall; readonly payload: Payload }[] = []
  /** Commits of inline bodies that process code does not see yet. */
  #committing = 0
  /** Calls and activations that run beside their caller. */
  #strands = 0
  /** Strands ran since the microtask queue was last known to be empty. */
  #strandsRan = false
  /** Calls process code waits for, oldest first. */
  readonly #outstanding = new Set<DurableCall>()
  /** How many of them are waits. */
  #waits = 0
  #signals: ReceivedSignals<WaitCall, Payload> | undefined
  readonly #cancelledCalls = new Set<string>()
  /** Tells the calls that the code that wrote the journal did not have; absent when that was this code. */
  isInserted: ((call: DurableCall) => boolean) | undefined
  /** A cancel that met no outstanding call. */
  #pendingCancel: CancelledError | undefined

  constructor(run: Run, isSequential: boolean) {
    this.#run = run
    this.#isSequential = isSequential
  }

  get replaying(): boolean {
    return this.#replay !== undefined
  }

  /** 0 when nothing but the next call can become visible, so that it may do so at once. */
  get load(): number {
    return (
      this.#strands +
      this.#queue.length +
      this.#ready.length +
      this.#committing +
      (this.#strandsRan || !this.#isSequential ? 1 : 0) +
      (this.#replay !== undefined ? 1 : 0) +
      (this.#cancelledCalls.size > 0 || this.#pendingCancel !== undefined ? 1 : 0)
    )
  }

  /** Signals between journal and process code; most runs have none. */
  get signals(): ReceivedSignals<WaitCall, Payload> {
    return (this.#signals ??= new ReceivedSignals())
  }

  /** Process code waits for times and signals, and for nothing else. */
  get onlyWaits(): boolean {
    return (
      this.#waits > 0 &&
      this.#waits === this.#outstanding.size &&
      this.#replay === undefined &&
      this.#queue.length === 0 &&
      this.#ready.length === 0 &&
      this.#committing === 0 &&
      this.#pendingCancel === undefined
    )
  }

  /** When the first of the waits ends by itself. */
  get dueAt(): number | undefined {
    return this.#outstandingWaits()[0]?.dueAt
  }

  /** Nobody will see what the waits end with. */
  dropWaits(): void {
    if (this.#waits > 0) for (const call of this.#outstanding) call.drop()
  }

  /** Sets the clock again for what became due while it could not be noted. */
  rearm(): void {
    for (const call of this.#outstandingWaits()) if (call.dueAt !== undefined) call.arm()
  }

  /** In the order in which they are due; those that wait for a signal alone come last. */
  #outstandingWaits(): WaitCall[] {
    return inOrderOfTime([...this.#outstanding].filter((call) => call instanceof WaitCall))
  }

  isCancelled(call: DurableCall): boolean {
    return this.#cancelledCalls.size > 0 && this.#cancelledCalls.has(callKey(call))
  }

  /** Shows this journal's outcomes before anything new happens. */
  startReplay(replay: Replay): void {
    this.#replay = replay
    scheduleDrain(this)
  }

  /** What the journal has and process code did not ask for. */
  unclaimed(): Outcome | undefined {
    return this.#replay?.unclaimed(this.#cancelledCalls)
  }

  strandOpened(): void {
    this.#strands++
    this.#strandsRan = true
    this.#run.busy++
  }

  strandClosed(): void {
    this.#strands--
    this.#run.recount()
  }

  /** A call was made: true when its body is not to run now, because it is recorded, comes after what is recorded, or is cancelled. */
  meets(call: DurableCall): boolean {
    const replay = this.#replay
    if (replay !== undefined && this.#strands === 0 && !this.#strandsRan && this.#isSequential) {
      const entry = replay.nextFor(call)
      if (entry !== undefined) {
        this.#replayInPlace(replay, call, entry)
        return true
      }
    }
    this.#outstanding.add(call)
    if (this.#pendingCancel !== undefined) {
      this.#cancelAt(call, this.#pendingCancel)
      return true
    }
    if (replay === undefined) return false
    replay.wait(call)
    scheduleDrain(this)
    return true
  }

  /** A wait was made. What it waits for may be there already. */
  meetsWait(call: WaitCall): void {
    this.#outstanding.add(call)
    this.#waits++
    if (this.#pendingCancel !== undefined) return this.#cancelAt(call, this.#pendingCancel)
    if (call.signal !== undefined) {
      const kept = this.signals.take(call.signal)
      if (kept !== undefined) {
        this.#ready.push({ call, payload: kept.payload })
        return scheduleDrain(this)
      }
      this.signals.wait(call)
    }
    if (this.#replay === undefined) return call.begin()
    this.#replay.wait(call)
    scheduleDrain(this)
  }

  /** An inline body failed: its call is waited for from now on. */
  waitsFor(call: DurableCall): void {
    this.#outstanding.add(call)
  }

  /** The value of an inline body, once it may be seen. */
  async visibleAfter(ready: Promise<void>, value: unknown): Promise<unknown> {
    const run = this.#run
    const at = run.lastAt
    this.#committing++
    run.busy++
    await ready
    if (!run.isRunning) return never()
    this.#committing--
    this.#passTime(at)
    run.recount()
    if (this.#queue.length > 0) scheduleDrain(this)
    return value
  }

  /** Shows an outcome in its turn, once it is durable. */
  add(acknowledged: Promise<void> | undefined, call: DurableCall | undefined, outcome: CallOutcome): void {
    if (call !== undefined && !this.isCancelled(call)) this.#outstanding.add(call)
    this.#enqueue(acknowledged, { call, outcome, at: this.#run.lastAt, durable: acknowledged === undefined, signal: undefined })
  }

  /** Shows a signal in its turn, once its entry is durable. */
  addSignal(acknowledged: Promise<void> | undefined, signal: ReceivedSignal): void {
    this.#enqueue(acknowledged, { call: undefined, outcome: NOTHING, at: this.#run.lastAt, durable: acknowledged === undefined, signal })
  }

  #enqueue(acknowledged: Promise<void> | undefined, slot: Slot): void {
    this.#queue.push(slot)
    this.#run.recount()
    if (acknowledged === undefined) return scheduleDrain(this)
    void acknowledged.then(() => {
      slot.durable = true
      scheduleDrain(this)
    })
  }

  pump(): void {
    const run = this.#run
    if (!run.isRunning) return
    if (this.#strands === 0) this.#strandsRan = false
    if (this.#ready.length > 0) this.#showReady()
    else if (this.#replay !== undefined) this.#pumpReplay(this.#replay)
    else this.#pumpQueue()
    if (run.dead) return
    run.recount()
    if (this.#replay === undefined && this.#queue[0]?.durable === true && this.#committing === 0) scheduleDrain(this)
  }

  #pumpQueue(): void {
    if (this.#committing > 0 || this.#queue[0]?.durable !== true) return
    this.#showSlot(this.#queue.shift()!)
  }

  #showSlot({ call, outcome, at, signal }: Slot): void {
    if (call !== undefined) return this.#show(call, outcome, at)
    this.#passTime(at)
    if (signal !== undefined) this.#showSignal(signal)
    else if (!outcome.ok) this.#cancel(outcome.error as CancelledError)
  }

  #show(call: DurableCall, outcome: CallOutcome, at: number): void {
    if (call.isSettled || this.isCancelled(call)) return
    this.#passTime(at)
    if (this.#strands > 0) this.#strandsRan = true
    this.#forget(call)
    call.settle(outcome)
  }

  #showSignal({ name, payload }: ReceivedSignal): void {
    const call = this.signals.receive(name, payload)
    if (call !== undefined) this.#showReceived(call, payload)
  }

  #showReady(): void {
    const { call, payload } = this.#ready.shift()!
    scheduleDrain(this)
    this.#showReceived(call, payload)
  }

  #showReceived(call: WaitCall, payload: Payload): void {
    if (this.#strands > 0) this.#strandsRan = true
    this.#forget(call)
    call.received(payload)
  }

  /** An inserted call's outcome may be younger than what comes after it: time stands still then. */
  #passTime(at: number): void {
    if (at > this.#run.now) this.#run.now = at
  }

  #forget(call: DurableCall): void {
    if (this.#outstanding.delete(call) && call instanceof WaitCall) this.#waits--
    if (call.manifestSite.mode === 'detached') this.#strands--
  }

  // Cancel.

  #cancel(error: CancelledError): void {
    const target: DurableCall | undefined = this.#run.inline ?? this.#outstanding.values().next().value
    if (target === undefined) this.#pendingCancel = error
    else this.#cancelAt(target, error)
  }

  #cancelAt(call: DurableCall, error: CancelledError): void {
    this.#pendingCancel = undefined
    this.#cancelledCalls.add(callKey(call))
    call.cancel(error)
    if (this.#run.inline !== call) {
      if (this.#strands > 0) this.#strandsRan = true
      this.#forget(call)
    }
    call.settle({ ok: false, error })
  }

  // Replay.

  #pumpReplay(replay: Replay): void {
    const entry = replay.next
    if (entry === undefined) return this.#goLive(replay)
    if (entry.kind === 'cancel-requested') return this.#replayCancel(replay, entry)
    if (entry.kind === 'signal-received') return this.#replaySignal(replay, entry)
    const call = replay.waiting()
    const isCancelled = this.#cancelledCalls.size > 0 && this.#cancelledCalls.has(callKey(entry))
    if (call === undefined && !isCancelled) return this.#pumpInserted(replay, entry)
    replay.advance()
    scheduleDrain(this)
    if (call !== undefined && !isCancelled) this.#showRecorded(call, entry)
  }

  #showRecorded(call: DurableCall, entry: Outcome): void {
    if (call.isSettled) return
    const outcome = call.outcomeOf(entry)
    if (outcome !== undefined) this.#show(call, outcome, entry.at)
  }

  /** Process code waits for calls that were inserted before what is recorded next; else it does what its journal does not know. */
  #pumpInserted(replay: Replay, next: Outcome): void {
    const { isInserted } = this
    const run = this.#run
    if (isInserted === undefined) return run.fault(this.#unexpected(next))
    const recorded = replay.takeInserted(isInserted)
    if (recorded !== undefined) {
      scheduleDrain(this)
      return this.#showRecorded(recorded.call, recorded.entry)
    }
    const at = this.#queue.findIndex(({ call, signal }) => call !== undefined || signal !== undefined)
    if (this.#queue[at]?.durable === true) {
      scheduleDrain(this)
      return this.#showSlot(this.#queue.splice(at, 1)[0]!)
    }
    for (const call of replay.takeDeferred(isInserted)) call.begin()
    const waits = this.#outstandingWaits().some((call) => isInserted(call))
    if (at === -1 && !waits && !run.bodies.areDriven) run.fault(this.#unexpected(next))
  }

  #replaySignal(replay: Replay, entry: SignalReceivedEntry): void {
    replay.advance()
    scheduleDrain(this)
    this.#passTime(entry.at)
    this.#showSignal(entry)
  }

  #replayCancel(replay: Replay, { at, reason }: CancelRequestedEntry): void {
    replay.advance()
    scheduleDrain(this)
    this.#passTime(at)
    this.#cancel(this.#run.cancelledBecause(reason))
  }

  /** Where one strand meets exactly what is next, there is nothing to drain for. */
  #replayInPlace(replay: Replay, call: DurableCall, entry: Outcome): void {
    replay.advance()
    const outcome = call.outcomeOf(entry)
    if (outcome === undefined) return
    this.#passTime(entry.at)
    call.settle(outcome)
    if (replay.done) this.#goLive(replay)
  }

  #goLive(replay: Replay): void {
    this.#replay = undefined
    const left = replay.deferred.filter((call) => !call.isSettled && !this.isCancelled(call))
    for (const call of left) if (!(call instanceof WaitCall)) call.begin()
    // Several may be due by now: they end in the order of their times, as they would have.
    if (this.#waits > 0) for (const call of inOrderOfTime(left.filter((each) => each instanceof WaitCall))) call.begin()
    if (this.#queue.length > 0) scheduleDrain(this)
    this.#run.recount()
  }

  #unexpected(entry: Outcome): NonDeterminismError {
    const found = [...this.#outstanding].map((call) => `"${callKey(call)}"`)
    return new NonDeterminismError(
      `"${callKey(entry)}"`,
      `the outcome of this call`,
      found.length === 0 ? 'no call' : `not made it, but waits for ${found.slice(0, 5).join(', ')}`,
    )
  }
}

function inOrderOfTime(calls: WaitCall[]): WaitCall[] {
  return calls.sort((a, b) => (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity) || 0)
}
