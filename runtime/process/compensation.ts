/**
 * Undoes completed steps in reverse order of completion, one at a time, each journaled.
 *
 * Invariants
 * 1. An undo gets the step's result and then its arguments, both from the journal; `undefined` for a result that is not known.
 * 2. A crash repeats at most the undo that was running; those journaled as done are not run again.
 * 3. An undo that keeps failing leaves the instance stuck with everything before it undone and everything after it not.
 */
import { CatgaError, NonRetryableError } from '../contracts/errors.ts'
import type { CompensationStartedEntry } from '../contracts/journal-entry.ts'
import { callKey } from '../contracts/journal-entry.ts'
import { attempt } from './attempt.ts'
import { freshArgs } from './recorded-args.ts'
import { backoffMs, resolveRetry } from './retry-policy.ts'
import type { Run } from './run.ts'
import { StepControl } from './step-context.ts'
import type { Undo } from './undo-log.ts'

export async function compensate(run: Run, begun: CompensationStartedEntry): Promise<void> {
  for (const undo of run.undoLog.remaining()) {
    if (run.dead || run.isDraining) return
    const failure = await runUndo(run, undo)
    if (run.dead || failure === 'draining') return
    if (failure !== undefined) return run.fault(failure)
    const { scope, site, n } = undo
    const entry = { kind: 'step-compensated', at: run.stamp(), scope, site, n } as const
    run.undoLog.observe(entry)
    await run.writer.append(entry)
  }
  if (run.dead) return
  const { outcome, error } = begun
  run.finish({ kind: 'failed', at: run.stamp(), outcome, error }, { kind: outcome, error: run.errors.rebuild(error) })
}

/** @returns the error that leaves the instance stuck, if any */
async function runUndo(run: Run, undo: Undo): Promise<CatgaError | 'draining' | undefined> {
  const method = run.definition.stepOf(undo)?.compensate
  if (method === undefined)
    return new CatgaError(
      'undo-missing',
      `Step "${undo.site}" has no undo in this code, but its journal needs one. Deploy code that has it, then resume the instance.`,
    )
  const own = run.definition.step(method)
  const policy = resolveRetry(own?.retry, run.definition.manifest.retry)
  for (let number = run.undoLog.failedAttempts(undo) + 1; ; number++) {
    run.undoContext = new StepControl(number, () => `${run.seed}/${callKey(undo)}/undo`)
    const outcome = await attempt({
      definition: run.definition,
      instance: run.instance,
      method,
      args: undoArguments(run, undo),
      control: run.undoContext,
      name: `undo of ${undo.site}`,
      timeoutMs: own?.timeoutMs,
      clock: run.clock,
    })
    run.undoContext = undefined
    if (run.dead || outcome.ok) return undefined
    if (number >= policy.attempts || outcome.error instanceof NonRetryableError) {
      return new CatgaError(
        'undo-failed',
        `Undo "${method}" of step "${undo.site}" failed ${number} times. Mend what it calls, then resume the instance.`,
        { cause: outcome.error },
      )
    }
    await backoff(run, undo, number, outcome.error, backoffMs(policy, number, run.services.random()))
    if (run.dead || run.isDraining) return 'draining'
  }
}

async function backoff(run: Run, undo: Undo, number: number, error: unknown, delayMs: number): Promise<void> {
  const at = run.stamp()
  const { scope, site, n } = undo
  const entry = {
    kind: 'undo-attempt-failed',
    at,
    scope,
    site,
    n,
    attempt: number,
    error: run.errors.record(error),
    retryAt: at + delayMs,
  } as const
  await run.writer.append(entry)
  await run.pause(delayMs)
}

function undoArguments(run: Run, undo: Undo): readonly unknown[] {
  const result = undo.completed === undefined ? undefined : run.codec.decode(undo.completed.result, `result of step "${undo.site}"`)
  return [result, ...(typeof undo.args === 'string' ? [] : freshArgs(run.codec, undo.args))]
}
