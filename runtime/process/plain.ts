/**
 * What emitted code gets where no engine drives the instance: everything passes through, so
 * `new OrderProcess(fakes).execute(order)` is an ordinary call.
 */
import type { ProcessManifest, StepManifest } from './manifest.ts'
import { temporalAt } from './derived.ts'
import { logTo } from './plain-log.ts'
import type { ScopeFrame, StepFrame, Token } from './token.ts'
import { leaveToken } from './token.ts'

export const PLAIN_SCOPE: ScopeFrame = {
  call: (_site, args) => args,
  branch: () => PLAIN_SCOPE,
  close: () => undefined,
  keyed: (_key, run) => run(),
  now: () => Date.now(),
  date: () => new Date(),
  random: () => Math.random(),
  randomUUID: () => crypto.randomUUID(),
  getRandomValues: <T extends ArrayBufferView>(array: T) => crypto.getRandomValues(array as unknown as Uint8Array) as unknown as T,
  performanceNow: () => performance.now(),
  temporalNow: (method, ...args) => temporalAt(Date.now(), method, args),
  log: (method, ...args) => logTo(method, args),
}

export const PLAIN_STEP: StepFrame = {
  runs: true,
  outcome: () => undefined,
  completed: (value) => value,
  failed(error) {
    throw error
  },
  call: (args) => args,
}

/** Lets a step's body call a helper as plain code on a live instance. */
const PLAIN_TOKEN: Token = {
  enterStep(_self: object, step: StepManifest, manifest: ProcessManifest): StepFrame {
    throw new TypeError(`${manifest.className}.${step.method} is a step and cannot be called by another step's body`)
  },
  enterFunction: () => PLAIN_SCOPE,
}

export function leavePlainToken(args: unknown[]): unknown[] {
  leaveToken(PLAIN_TOKEN)
  return args
}
