/**
 * One attempt of a step body (or of an undo) that the runtime itself calls: every attempt but an inline first one.
 */
import { StepTimeoutError } from '../contracts/errors.ts'
import type { Clock } from '../contracts/clock.ts'
import type { ProcessDefinition } from './definition.ts'
import { LostCallError } from '../contracts/errors.ts'
import type { ProcessManifest, StepManifest } from './manifest.ts'
import { leavePlainToken } from './plain.ts'
import type { StepControl } from './step-context.ts'
import type { CallOutcome } from './durable-call.ts'
import type { ScopeFrame, StepFrame, Token } from './token.ts'
import { leaveToken, takeToken } from './token.ts'

/** What the compiled method sees on an attempt: its body runs, and value or error go straight back to the caller. */
class AttemptFrame implements Token, StepFrame {
  readonly runs = true
  readonly control: StepControl
  readonly #instance: object
  readonly #method: string

  constructor(instance: object, method: string, control: StepControl) {
    this.#instance = instance
    this.#method = method
    this.control = control
  }

  enterStep(self: object, step: StepManifest, manifest: ProcessManifest): StepFrame {
    if (self !== this.#instance || step.method !== this.#method) throw new LostCallError(manifest.className, step.method)
    return this
  }

  enterFunction(_self: object, manifest: ProcessManifest, index: number): ScopeFrame {
    throw new LostCallError(manifest.className, manifest.functions[index]!.name)
  }

  outcome(): unknown {
    return undefined
  }

  completed(value: unknown): unknown {
    return value
  }

  failed(error: unknown): unknown {
    throw error
  }

  call(args: unknown[]): unknown[] {
    return leavePlainToken(args)
  }
}

export interface AttemptRequest {
  readonly definition: ProcessDefinition
  readonly instance: object
  readonly method: string
  readonly args: readonly unknown[]
  readonly control: StepControl
  readonly name: string
  readonly timeoutMs: number | undefined
  readonly clock: Clock
}

/** Runs the method to its end or to its timeout, whichever is first. A late end after a timeout is dropped. */
export async function attempt(request: AttemptRequest): Promise<CallOutcome> {
  const body = run(request)
  const { timeoutMs, control } = request
  if (timeoutMs === undefined) return body
  let stop: () => void = () => undefined
  const timeout = new Promise<CallOutcome>((resolve) => {
    stop = request.clock.setTimer(timeoutMs, () => {
      const error = new StepTimeoutError(request.name, timeoutMs)
      control.abort(error)
      resolve({ ok: false, error })
    })
  })
  try {
    return await Promise.race([body, timeout])
  } finally {
    stop()
  }
}

async function run({ definition, instance, method, args, control }: AttemptRequest): Promise<CallOutcome> {
  leaveToken(new AttemptFrame(instance, method, control))
  let result: unknown
  try {
    try {
      result = definition.invoke(instance, method, args)
    } finally {
      takeToken()
    }
    return { ok: true, value: await result }
  } catch (error) {
    return { ok: false, error }
  }
}
