/**
 * Takes a call through its attempts: backoff, `step started`, body, timeout, retry, outcome.
 *
 * Invariants
 * 1. A failed attempt is journaled before the wait for the next one begins, so a crash does not reset the count.
 * 2. No body starts after `execute` has settled or the run was abandoned.
 * 3. A result the codec refuses fails the step for good: the body did its work, running it again would not help.
 */
import type { CodecCopy } from '../contracts/codec.ts'
import { NonRetryableError } from '../contracts/errors.ts'
import { attempt } from './attempt.ts'
import { freshArgs } from './recorded-args.ts'
import type { CallHistory } from './replay.ts'
import { backoffMs, resolveRetry } from './retry-policy.ts'
import type { Run } from './run.ts'
import type { StepCall } from './step-call.ts'
import { StepControl } from './step-context.ts'
import { resultOf } from './subject.ts'

/** A call whose body the runtime is running. */
export interface Driven {
  readonly call: StepCall
  /** The current attempt; absent between attempts. */
  control: StepControl | undefined
  /** Resolves when no body of the call runs any more. */
  ended: Promise<void>
  /** Ends a backoff early. */
  wake: () => void
}

export function drive(run: Run, call: StepCall, history: CallHistory | undefined): Driven {
  const driven: Driven = { call, control: undefined, ended: Promise.resolve(), wake: () => undefined }
  driven.ended = attempts(run, driven, history ?? { failedAttempts: 0, retryAt: 0, started: false })
  return driven
}

/** Goes on after an inline first attempt failed with `error`. */
export function driveAfterFailure(run: Run, call: StepCall, error: unknown): Driven {
  const driven: Driven = { call, control: undefined, ended: Promise.resolve(), wake: () => undefined }
  driven.ended = (async () => {
    const retryAt = await failedAttempt(run, call, 1, error)
    if (retryAt !== undefined) await attempts(run, driven, { failedAttempts: 1, retryAt, started: false })
  })()
  return driven
}

async function attempts(run: Run, driven: Driven, history: CallHistory): Promise<void> {
  const { call } = driven
  const step = call.step!
  let { retryAt } = history
  if (step.compensateWhen === 'attempted' && !history.started) {
    const { scope, site, n } = call
    await run.append({ kind: 'step-started', at: run.stamp(), scope, site, n, method: step.method, args: call.recordedArgs() })
  }
  for (let number = history.failedAttempts + 1; ; number++) {
    if (!run.mayStart(call)) return
    if (retryAt > 0) await backoff(run, driven, retryAt)
    if (!run.mayStart(call)) return
    const control = new StepControl(number, () => run.idempotencyKey(call))
    driven.control = control
    const outcome = await attempt({
      definition: run.definition,
      instance: run.instance,
      method: step.method,
      args: freshArgs(run.codec, call.args!),
      control,
      name: step.name,
      timeoutMs: step.timeoutMs,
      clock: run.clock,
    })
    driven.control = undefined
    if (run.dead) return
    if (outcome.ok) return completedAttempt(run, call, number, outcome.value)
    const next = await failedAttempt(run, call, number, outcome.error)
    if (next === undefined) return
    retryAt = next
  }
}

function completedAttempt(run: Run, call: StepCall, number: number, value: unknown): void {
  let copied: CodecCopy
  try {
    copied = run.codec.copy(value, resultOf(call.step!))
  } catch (error) {
    run.failCall(call, error, number)
    return
  }
  run.completeCall(call, copied.payload, copied.copy, number)
}

/** Journals a failed attempt; answers when the next may start, or nothing when there is none. */
async function failedAttempt(run: Run, call: StepCall, number: number, error: unknown): Promise<number | undefined> {
  const policy = resolveRetry(call.step!.retry, run.definition.manifest.retry)
  if (error instanceof NonRetryableError || number >= policy.attempts || run.retriesNoMore(call)) {
    run.failCall(call, error, number)
    return undefined
  }
  const at = run.stamp()
  const retryAt = at + backoffMs(policy, number, run.services.random())
  const { scope, site, n } = call
  await run.append({ kind: 'attempt-failed', at, scope, site, n, attempt: number, error: run.errors.record(error), retryAt })
  return retryAt
}

async function backoff(run: Run, driven: Driven, until: number): Promise<void> {
  const delayMs = until - run.clock.now()
  if (delayMs <= 0) return
  await new Promise<void>((resolve) => {
    const stop = run.clock.setTimer(delayMs, resolve)
    driven.wake = () => {
      stop()
      resolve()
    }
  })
}
