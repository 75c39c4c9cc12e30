/**
 * What happens between the end of `execute` and the end of the instance.
 *
 * Invariants
 * 1. Bodies still running are aborted and waited for until their timeout plus a grace; one that ends in time is journaled
 *    and, if the process fails, undone first. Later ones are of unknown outcome.
 * 2. Bugs in process code are not business: the instance is left as it is for fixed code, unless its class says otherwise.
 *    Bodies beside the bug are not aborted, or fixed code would meet failures that only the bug caused.
 */
import { CatgaError } from '../contracts/errors.ts'
import type { Payload } from '../contracts/journal-entry.ts'
import type { ErrorRecorder } from './error-record.ts'
import type { Run } from './run.ts'
import type { CallOutcome } from './durable-call.ts'

/** Errors of ours that only wrong process code can cause. */
const BUG_CODES = new Set([
  'not-serializable',
  'duplicate-key',
  'lost-call',
  'limit-exceeded',
  'decode',
  'invalid-option',
  'outside-process',
])

/** Whether an error that left `execute` is a mistake in process code itself; one that a step threw never is. */
export function isBug(error: unknown, errors: ErrorRecorder): boolean {
  if (errors.isRebuilt(error)) return false
  if (error instanceof CatgaError) return BUG_CODES.has(error.code)
  return error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError
}

export async function settle(run: Run, result: CallOutcome): Promise<void> {
  const bug = run.cancelled === undefined && !result.ok && run.definition.manifest.onBug !== 'compensate' && isBug(result.error, run.errors)
  if (run.bodies.areDriven) await (bug ? letBodiesEnd(run) : endBodies(run))
  if (run.dead) return
  if (bug) return run.fault(result.error)
  if (run.cancelled !== undefined) return fail(run, 'cancelled', run.cancelled)
  if (result.ok) return complete(run, result.value)
  return fail(run, 'failed', result.error)
}

function complete(run: Run, value: unknown): void {
  let result: Payload
  try {
    result = run.codec.encode(value, `result of process "${run.ref.process}"`)
  } catch (error) {
    return run.fault(error)
  }
  run.finish({ kind: 'completed', at: run.stamp(), result }, { kind: 'completed', result })
}

function fail(run: Run, outcome: 'failed' | 'cancelled', thrown: unknown): void {
  const error = run.errors.record(thrown)
  if (run.undoLog.isEmpty) {
    return run.finish({ kind: 'failed', at: run.stamp(), outcome, error }, { kind: outcome, error: run.errors.rebuild(error) })
  }
  run.compensate({ kind: 'compensation-started', at: run.stamp(), outcome, error })
}

async function endBodies(run: Run): Promise<void> {
  const reason = new CatgaError('process-settled', `Process "${run.ref.process}" has settled; this step is no longer waited for.`)
  run.bodies.abort(reason)
  await untilQuiet(run, run.bodies.quiet())
}

async function letBodiesEnd(run: Run): Promise<void> {
  run.drain()
  await untilQuiet(run, run.quiet())
}

/** Waits as long as the bodies' timeouts and a grace allow. */
async function untilQuiet(run: Run, quiet: Promise<unknown>): Promise<void> {
  const grace = run.wait(run.bodies.longestTimeoutMs + run.services.settleGraceMs)
  await Promise.race([quiet, grace.over])
  grace.stop()
}
