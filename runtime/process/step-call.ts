/**
 * One call of a step in process code, from its arguments to its outcome.
 *
 * Invariants
 * 1. The body sees copies of its arguments, process code a copy of the result, unless they are primitive.
 * 2. `runs` is true only when nothing else of this process can be going on: then the first attempt's body runs inline in the
 *    method that was called, which costs a few tens of nanoseconds. Everything else goes through `Run.admit`.
 * 3. When the run is abandoned, the call never settles.
 */
import { turn, owesTurn } from './drain.ts'
import type { CallOutcome, DurableCall } from './durable-call.ts'
import type { ProcessManifest, SiteManifest, StepManifest } from './manifest.ts'
import { leavePlainToken } from './plain.ts'
import { type CopiedArgs, copyArgs, recordArgs, SHORT_TEXT } from './recorded-args.ts'
import { recordedOutcome } from './recorded-outcome.ts'
import type { Outcome } from './replay.ts'
import type { Run } from './run.ts'
import { StepControl } from './step-context.ts'
import { resultOf } from './subject.ts'
import type { ScopeFrame, StepFrame, Token } from './token.ts'
import type { CodecCopy } from '../contracts/codec.ts'
import type { CancelledError } from '../contracts/errors.ts'
import type { Payload, Primitive, RecordedArgs } from '../contracts/journal-entry.ts'

/** What a call needs whose body asks for its context, or that does not run inline. */
interface Extra {
  control: StepControl | undefined
  outcome: CallOutcome | undefined
  promise: Promise<unknown> | undefined
  resolve: ((value: unknown) => void) | undefined
  reject: ((error: unknown) => void) | undefined
}

export class StepCall implements StepFrame, Token, DurableCall {
  readonly run: Run
  readonly scope: string
  readonly manifestSite: SiteManifest
  readonly n: number
  runs = false
  step: StepManifest | undefined = undefined
  /** Primitive arguments as they are, others encoded. */
  args: readonly Primitive[] | Uint8Array | undefined = undefined
  /** Most calls need none of it: one field, or every step would pay for five. */
  #extra: Extra | undefined = undefined

  constructor(run: Run, scope: string, site: SiteManifest, n: number) {
    this.run = run
    this.scope = scope
    this.manifestSite = site
    this.n = n
    if (site.mode === 'detached') run.delivery.strandOpened()
  }

  /** Context of the inline attempt, made when the body asks for it. */
  get control(): StepControl {
    return (this.#more().control ??= new StepControl(1, () => this.run.idempotencyKey(this)))
  }

  get site(): string {
    return this.manifestSite.site
  }

  /** The steps of a run settle once each: `Delivery` sees to it. */
  get isSettled(): boolean {
    return false
  }

  /** Keeps the arguments for journal and retries; answers what the body is to be called with. */
  take(args: unknown[]): unknown[] {
    for (let i = 0; i < args.length; i++) {
      const type = typeof args[i]
      if (type === 'number' || type === 'boolean' || type === 'undefined' || args[i] === null) continue
      if (type === 'string' && (args[i] as string).length <= SHORT_TEXT) continue
      return this.#copy(args)
    }
    this.args = args as Primitive[]
    return args
  }

  #copy(args: unknown[]): unknown[] {
    const copied: CopiedArgs = copyArgs(this.run.codec, args, this.manifestSite)
    this.args = copied.kept
    return copied.copies
  }

  enterStep(self: object, step: StepManifest): StepFrame {
    const run = this.run
    if (run.instance !== self || this.manifestSite.method !== step.method) throw run.lostCall(step.method)
    this.step = step
    if (run.busy === 0 && step.timeoutMs === undefined && step.compensateWhen !== 'attempted') {
      run.inline = this
      this.runs = true
      return this
    }
    run.admit(this)
    return this
  }

  enterFunction(_self: object, manifest: ProcessManifest, index: number): ScopeFrame {
    throw this.run.lostCall(manifest.functions[index]!.name)
  }

  outcome(): unknown {
    const outcome = this.#extra?.outcome
    if (outcome === undefined) return this.promise()
    if (outcome.ok) return outcome.value
    throw outcome.error
  }

  /** Settled by the run when the outcome becomes visible to process code. */
  promise(): Promise<unknown> {
    const extra = this.#more()
    return (extra.promise ??= new Promise((resolve, reject) => {
      extra.resolve = resolve
      extra.reject = reject
    }))
  }

  settle(outcome: CallOutcome): void {
    const extra = this.#more()
    extra.outcome = outcome
    if (outcome.ok) extra.resolve?.(outcome.value)
    else extra.reject?.(outcome.error)
  }

  begin(): void {
    this.run.bodies.drive(this)
  }

  outcomeOf(entry: Outcome): CallOutcome | undefined {
    return recordedOutcome(this, entry)
  }

  cancel(reason: CancelledError): void {
    this.run.bodies.cancel(this, reason)
  }

  /** What a body still does is asked for, and waited for, when its run settles. */
  drop(): void {
    // See above.
  }

  #more(): Extra {
    return (this.#extra ??= { control: undefined, outcome: undefined, promise: undefined, resolve: undefined, reject: undefined })
  }

  completed(value: unknown): unknown {
    const run = this.run
    const type = typeof value
    if ((type === 'object' && value !== null) || type === 'function' || type === 'symbol') return this.#completedWithObject(value as object)
    return run.busy === 0 ? this.#commitInline(value as Primitive, value) : run.completedInline(this, value as Primitive, value)
  }

  #completedWithObject(value: object): unknown {
    const run = this.run
    let copied: CodecCopy
    try {
      if (typeof (value as { then?: unknown }).then === 'function') return this.#completedWithThenable(value)
    } catch (error) {
      return this.failed(error)
    }
    try {
      copied = run.codec.copy(value, resultOf(this.step!))
    } catch (error) {
      return run.refusedInline(this, error)
    }
    const { payload, copy } = copied
    return run.busy === 0 ? this.#commitInline(payload, copy) : run.completedInline(this, payload, copy)
  }

  #completedWithThenable(value: object): Promise<unknown> {
    return Promise.resolve(value).then(
      (settled) => this.completed(settled),
      (error: unknown) => this.failed(error),
    )
  }

  /** The common case: one strand, nothing in between, so the result is visible as soon as it is durable. */
  #commitInline(payload: Payload, value: unknown): unknown {
    const run = this.run
    run.inline = undefined
    const acknowledged = run.appendCompleted(this, payload, 1)
    if (acknowledged === undefined) {
      run.now = run.lastAt
      return owesTurn() ? run.delivery.visibleAfter(turn(), value) : value
    }
    return run.delivery.visibleAfter(acknowledged, value)
  }

  failed(error: unknown): unknown {
    return this.run.failedInline(this, error)
  }

  call(args: unknown[]): unknown[] {
    return leavePlainToken(args)
  }

  /** Arguments for the journal: what an undo, a check on replay and people need. */
  recordedArgs(): RecordedArgs {
    return recordArgs(this.args!, this.step!)
  }
}
