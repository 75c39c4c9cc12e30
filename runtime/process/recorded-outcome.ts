import { NonDeterminismError } from '../contracts/errors.ts'
import { callKey } from '../contracts/journal-entry.ts'
import type { CallOutcome } from './durable-call.ts'
import { describeArgs, sameArgs } from './recorded-args.ts'
import type { Outcome } from './replay.ts'
import type { StepCall } from './step-call.ts'
import { resultOf } from './subject.ts'

/** What the journal says of a step call; nothing when that was another call, and then the run is faulted. */
export function recordedOutcome(call: StepCall, entry: Outcome): CallOutcome | undefined {
  const { codec, errors } = call.run
  if (entry.kind === 'timer-fired') {
    fault(call, 'a time that was waited for', `a call of step "${call.step!.name}"`)
    return undefined
  }
  if (!sameArgs(entry.args, call.args!)) {
    fault(call, describeArgs(codec, entry.args), describeArgs(codec, call.args!))
    return undefined
  }
  return entry.kind === 'step-completed'
    ? { ok: true, value: codec.decode(entry.result, resultOf(call.step!)) }
    : { ok: false, error: errors.rebuild(entry.error) }
}

function fault(call: StepCall, recorded: string, found: string): void {
  call.run.fault(new NonDeterminismError(`"${callKey(call)}" (line ${call.manifestSite.line})`, recorded, found))
}
