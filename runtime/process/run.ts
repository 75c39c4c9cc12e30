/**
 * One activation of an instance by this worker: drives a fresh object through its code and its journal.
 *
 * Invariants
 * 1. Durable before visible: process code sees an outcome only after its entry is durable; in which order, see `Delivery`.
 * 2. `busy === 0` means: live, one strand, nothing under way. Only then may a body run inline and its result be visible without a drain.
 * 3. Once `dead`, nothing is appended, nothing settles: engine faults never enter user code.
 * 4. Once `execute` has settled, no durable call starts and no outcome is delivered; late completions are only journaled.
 */
import type { CompensationStartedEntry, JournalEntry, Payload } from '../contracts/journal-entry.ts'
import { callKey } from '../contracts/journal-entry.ts'
import type { DeliveredMessage, InstanceJournal, InstanceRef } from '../contracts/journal-store.ts'
import type { Clock } from '../contracts/clock.ts'
import type { Codec } from '../contracts/codec.ts'
import { CancelledError, CatgaError, LimitExceededError, LostCallError, NonDeterminismError } from '../contracts/errors.ts'
import { Bodies } from './bodies.ts'
import { compensate } from './compensation.ts'
import { escapeName } from './call-path.ts'
import type { ProcessDefinition } from './definition.ts'
import { Delivery } from './delivery.ts'
import { type CallOutcome, never } from './durable-call.ts'
import type { ErrorRecorder } from './error-record.ts'
import { Inbox } from './inbox.ts'
import { JournalWriter } from './journal-writer.ts'
import { attach } from './live.ts'
import { Parking } from './parking.ts'
import { restore } from './restore.ts'
import type { FinishedEnd, RunEnd, RunOwner } from './run-end.ts'
import type { RunServices } from './run-services.ts'
import { RootCall } from './scope.ts'
import { settle } from './settling.ts'
import type { StepCall } from './step-call.ts'
import type { StepControl } from './step-context.ts'
import { leaveToken } from './token.ts'
import { UndoLog } from './undo-log.ts'
import type { WaitCall } from './wait-call.ts'
import { type Wait, Waits } from './waits.ts'

/** `undoing`: what bodies still do is of no account any more. */
type Phase = 'running' | 'settling' | 'undoing' | 'ended'

export class Run {
  readonly services: RunServices
  readonly definition: ProcessDefinition
  readonly instance: object
  readonly ref: InstanceRef
  readonly codec: Codec
  readonly clock: Clock
  readonly errors: ErrorRecorder
  readonly writer: JournalWriter
  readonly undoLog: UndoLog
  readonly delivery: Delivery
  readonly bodies: Bodies
  readonly startedAt: number
  /** Time in process code: that of the last delivered entry. */
  now: number
  busy = 1
  inline: StepCall | undefined = undefined
  dead = false
  isDraining = false
  cancelled: CancelledError | undefined = undefined
  /** When waits are due that earlier owners began, by key. */
  timers: Map<string, number> | undefined = undefined
  /** Context of the undo that runs now. */
  undoContext: StepControl | undefined = undefined
  readonly #number: number
  readonly #isRestored: boolean
  #seed: string | undefined
  readonly #owner: RunOwner
  #phase: Phase = 'running'
  #compensation: Promise<void> | undefined
  #wakePause: (() => void) | undefined
  #waits: Waits | undefined
  #inbox: Inbox | undefined
  /** There since the first wait was made. */
  #parking: Parking | undefined
  #hasEnded = false

  constructor(
    services: RunServices,
    definition: ProcessDefinition,
    instance: object,
    journal: InstanceJournal,
    entries: readonly JournalEntry[],
    owner: RunOwner,
  ) {
    const started = entries[0]
    if (started?.kind !== 'started')
      throw new CatgaError('corrupt-journal', `The journal of ${definition.name} does not begin with "started".`)
    this.services = services
    this.definition = definition
    this.instance = instance
    this.ref = journal.ref
    this.codec = services.codec
    this.clock = services.clock
    this.errors = services.errors
    this.#owner = owner
    this.startedAt = started.at
    this.now = started.at
    this.#number = started.run
    this.#isRestored = entries.length > 1
    this.writer = new JournalWriter(journal, entries.length, entries.at(-1)!.at, services.clock, (error) => this.lost(error))
    this.undoLog = new UndoLog(definition)
    this.delivery = new Delivery(this, definition.manifest.interleaving === 'sequential')
    this.bodies = new Bodies(this)
    if (entries.length > 1) restore(this, entries)
    attach(instance, this)
  }

  /** Names the run in idempotency keys and seeds its randomness. */
  get seed(): string {
    return (this.#seed ??= `${escapeName(this.ref.process)}/${escapeName(this.ref.id)}/${this.#number}`)
  }

  get lastAt(): number {
    return this.writer.lastAt
  }

  /** Whether a body of this call may start now. */
  mayStart(call: StepCall): boolean {
    return this.isRunning && !this.isDraining && !this.delivery.isCancelled(call)
  }

  /** `execute` has not settled. */
  get isRunning(): boolean {
    return this.#phase === 'running'
  }

  /** Whether an attempt that fails now is the last one. */
  retriesNoMore(call: StepCall): boolean {
    return this.delivery.isCancelled(call) || (this.#phase === 'settling' && !this.isDraining)
  }

  get mayBeCancelled(): boolean {
    return this.cancelled === undefined && this.#phase !== 'undoing'
  }

  /** Calls `execute`; everything after follows from what it does. */
  begin(input: Payload): void {
    this.recount()
    leaveToken(new RootCall(this))
    let promise: Promise<unknown>
    try {
      promise = (this.instance as { execute(input: unknown): Promise<unknown> }).execute(this.codec.decode(input, 'input'))
    } catch (error) {
      promise = Promise.reject(error as Error)
    }
    promise.then(
      (value) => this.#settled({ ok: true, value }),
      (error: unknown) => this.#settled({ ok: false, error }),
    )
  }

  // What compiled code and its calls ask of the run.

  lostCall(method: string): LostCallError {
    const error = new LostCallError(this.definition.manifest.className, method)
    this.fault(error)
    return error
  }

  idempotencyKey(call: StepCall): string {
    return `${this.seed}/${callKey(call)}`
  }

  stamp(): number {
    return this.writer.stamp()
  }

  append(entry: JournalEntry): Promise<void> | undefined {
    if (!this.#mayWrite()) return never()
    this.undoLog.observe(entry)
    return this.writer.append(entry)
  }

  #mayWrite(): boolean {
    if (this.dead || this.#phase === 'undoing') return false
    const { maxEntries } = this.services
    if (this.writer.seq < maxEntries) return true
    const subject = `The journal of process "${this.ref.process}"`
    this.fault(new LimitExceededError('maxEntries', subject, this.writer.seq, maxEntries, 'Raise the limit, or split the process.'))
    return false
  }

  appendCompleted(call: StepCall, result: Payload, attempt: number): Promise<void> | undefined {
    const { scope, site, n } = call
    const { method, compensate } = call.step!
    const at = this.writer.stamp()
    const entry = { kind: 'step-completed', at, scope, site, n, method, args: call.recordedArgs(), result, attempt } as const
    if (!this.#mayWrite()) return never()
    if (compensate !== undefined) this.undoLog.observe(entry)
    return this.writer.append(entry)
  }

  /** A call that cannot simply run inline: it is replayed, deferred, cancelled, or driven. */
  admit(call: StepCall): void {
    if (this.isRunning && !this.isDraining && !this.delivery.meets(call)) this.bodies.drive(call)
  }

  completedInline(call: StepCall, payload: Payload, value: unknown): unknown {
    if (this.dead) return never()
    this.bodies.inlineEnded()
    if (this.delivery.isCancelled(call)) void this.appendCompleted(call, payload, 1)
    else this.completeCall(call, payload, value, 1)
    return call.outcome()
  }

  failedInline(call: StepCall, error: unknown): unknown {
    if (this.dead) return never()
    this.bodies.inlineEnded()
    if (!this.delivery.isCancelled(call)) {
      this.delivery.waitsFor(call)
      this.bodies.retry(call, error)
    }
    this.recount()
    return call.outcome()
  }

  /** The body did its work and the codec cannot keep the result: running it again would not help. */
  refusedInline(call: StepCall, error: unknown): unknown {
    if (this.dead) return never()
    this.bodies.inlineEnded()
    this.failCall(call, error, 1)
    return call.outcome()
  }

  completeCall(call: StepCall, payload: Payload, value: unknown, attempt: number): void {
    if (this.dead) return
    this.delivery.add(this.appendCompleted(call, payload, attempt), call, { ok: true, value })
  }

  failCall(call: StepCall, error: unknown, attempt: number): void {
    if (this.dead) return
    const { scope, site, n } = call
    const { method } = call.step!
    const [at, args, record] = [this.stamp(), call.recordedArgs(), this.errors.record(error)]
    const acknowledged = this.append({ kind: 'step-failed', at, scope, site, n, method, args, error: record, attempt })
    this.delivery.add(acknowledged, call, { ok: false, error: this.errors.rebuild(record) })
  }

  /** A call of `sleep`, `waitFor` or `tryWaitFor` was made. */
  admitWait(call: WaitCall): Promise<unknown> {
    if (this.isRunning) {
      this.#parking ??= new Parking(this, this.#owner, this.#isRestored)
      this.delivery.meetsWait(call)
      this.recount()
    }
    return call.promise
  }

  /** The time a wait was for has come. While the store is asked to park the instance, or others are to go on with it, that waits. */
  timerFired(call: WaitCall): void {
    if (!this.isRunning || this.isDraining || this.#parking?.isUnderWay === true) return
    const { scope, site, n } = call
    this.delivery.add(this.append({ kind: 'timer-fired', at: this.stamp(), scope, site, n }), call, call.timedOut())
  }

  // Messages and ends.

  /** Takes the inbox into the journal; see `Inbox`. While the store is asked to park the instance, its answer says whether there is something in it. */
  takeMessages(messages: readonly DeliveredMessage[]): void {
    if (this.#parking?.isUnderWay !== true) (this.#inbox ??= new Inbox(this)).take(messages)
  }

  /** No durable call starts any more; what runs may finish and is journaled. */
  drain(): void {
    this.isDraining = true
    this.bodies.wake()
    this.#wakePause?.()
    this.recount()
  }

  /** Resolves when no body and no undo runs any more. */
  async quiet(): Promise<void> {
    while (!this.dead && (this.bodies.areUnderWay || this.#compensation !== undefined)) {
      await Promise.all([this.bodies.quiet(), this.#compensation])
    }
  }

  /** Waits, but not once the run drains or has ended. */
  async pause(delayMs: number): Promise<void> {
    if (this.dead || this.isDraining) return
    const { over, stop } = this.wait(delayMs)
    this.#wakePause = stop
    await over
  }

  /** Resolves after a time, when it is stopped, or when the run has ended. */
  wait(delayMs: number): Wait {
    return (this.#waits ??= new Waits(this.clock)).begin(delayMs)
  }

  /** Ownership is gone or given up: user code of this run hears nothing more. */
  abandon(end: RunEnd = { kind: 'abandoned' }): void {
    this.#die()
    this.writer.close()
    this.#end(end)
  }

  /** The engine cannot go on with this instance: it waits for an operator. */
  fault(error: unknown): void {
    if (this.dead) return
    this.#die()
    const entry: JournalEntry = { kind: 'stuck', at: this.stamp(), error: this.errors.record(error) }
    const acknowledged = this.writer.append(entry, 'stuck')
    const end = (): void => this.#end({ kind: 'stuck', error })
    if (acknowledged === undefined) end()
    else void acknowledged.then(end)
  }

  /** Called by settling and compensation with the last entry of the run. */
  finish(last: JournalEntry | readonly JournalEntry[], end: FinishedEnd): void {
    if (this.dead) return
    const acknowledged = this.writer.append(last, end.kind)
    this.#die()
    if (acknowledged === undefined) this.#end(end)
    else void acknowledged.then(() => this.#end(end))
  }

  /** From here on the instance ends as cancelled. */
  cancelledBecause(reason: string): CancelledError {
    return (this.cancelled ??= new CancelledError(this.ref.process, this.ref.id, reason))
  }

  recount(): void {
    const settledOrGivenUp = this.#phase !== 'running' || this.isDraining
    this.busy = this.delivery.load + this.bodies.load + (settledOrGivenUp ? 1 : 0)
    this.#parking?.consider()
  }

  #settled(result: CallOutcome): void {
    if (this.dead || this.#phase !== 'running') return
    const unclaimed = this.delivery.unclaimed()
    if (unclaimed !== undefined)
      return this.fault(new NonDeterminismError(`"${callKey(unclaimed)}"`, 'the outcome of this call', 'ended without making it'))
    this.#phase = 'settling'
    this.delivery.dropWaits()
    this.recount()
    settle(this, result).catch((error: unknown) => this.fault(error))
  }

  /** Undos what is to be undone; bodies that have not ended by now are of unknown outcome. */
  compensate(begun: CompensationStartedEntry): void {
    this.#phase = 'undoing'
    this.recount()
    this.#compensation = Promise.resolve(this.writer.append(begun, 'compensating')).then(() => this.#undo(begun))
  }

  /** Undos a run whose `execute` settled before, from the journal alone. */
  resumeCompensation(entries: readonly JournalEntry[]): void {
    this.#phase = 'undoing'
    this.#compensation = this.#undo(entries.findLast((entry) => entry.kind === 'compensation-started')!)
  }

  /** Cancels a stuck instance whose code cannot replay it: its undos need only the journal. */
  cancelFromJournal(reason: string, inbox: string): void {
    this.#phase = 'undoing'
    this.#inbox = new Inbox(this, [inbox])
    const error = this.errors.record(this.cancelledBecause(reason))
    void this.writer.append({ kind: 'cancel-requested', at: this.stamp(), reason, inbox })
    this.compensate({ kind: 'compensation-started', at: this.stamp(), outcome: 'cancelled', error })
  }

  async #undo(begun: CompensationStartedEntry): Promise<void> {
    try {
      await compensate(this, begun)
    } catch (error) {
      this.fault(error)
    } finally {
      this.#compensation = undefined
    }
  }

  /** Another worker has the instance, or the store no longer serves this one. */
  lost(error: unknown): void {
    if (error instanceof CatgaError && error.code === 'fenced') this.abandon()
    else this.abandon({ kind: 'lost', error })
  }

  /** The first end counts: a last entry that was never acknowledged may yet turn into a lost instance. */
  #end(end: RunEnd): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#owner.ended(end)
  }

  #die(): void {
    this.dead = true
    this.#phase = 'ended'
    this.busy = 1
    this.#waits?.stopAll()
    this.#parking?.stop()
    this.delivery.dropWaits()
    // Most runs end with nothing under way, and making an error is dear: it captures the stack.
    if (!this.bodies.areUnderWay && this.undoContext === undefined) return
    const reason = new CatgaError('run-ended', `This run of process "${this.ref.process}" has ended.`)
    this.bodies.abort(reason)
    this.undoContext?.abort(reason)
  }
}
