/**
 * How a compiled call site hands itself to the compiled method it calls.
 *
 * Invariants
 * 1. A token is left by `call()` after the arguments were evaluated and taken by the callee's first statement; in
 *    between only parameter defaults run, so one variable is enough, without AsyncLocalStorage.
 * 2. On a live instance, a compiled method that finds no token, or one for another method, throws.
 */
import type { ProcessManifest, StepManifest } from './manifest.ts'
import type { StepControl } from './step-context.ts'
import type { GivenOptions } from './wait-request.ts'

/** What `$catga.step` answers; the rest of the emitted step talks to it. */
export interface StepFrame {
  /** Whether the body is to run now, inline. */
  readonly runs: boolean
  outcome(): unknown
  completed(value: unknown): unknown
  failed(error: unknown): unknown
  /** The attempt's context; plain frames have none. */
  readonly control?: StepControl | undefined
  /** Leaves a token for a helper called in the step's body. */
  call(args: unknown[]): unknown[]
}

/** A token as the callee sees it. Each answers only for the kind of callee it was made for and throws for others. */
export interface Token {
  enterStep(self: object, step: StepManifest, manifest: ProcessManifest): StepFrame
  enterFunction(self: object, manifest: ProcessManifest, index: number): ScopeFrame
}

/** What `execute`, helpers and closures talk to. */
export interface ScopeFrame {
  call(site: number, args: unknown[]): unknown[]
  sleep(site: number, until: unknown): Promise<unknown>
  waitFor(site: number, signal: unknown, options?: GivenOptions): Promise<unknown>
  tryWaitFor(site: number, signal: unknown, options?: GivenOptions): Promise<unknown>
  branch(index: number): ScopeFrame
  close(): void
  keyed<T>(key: string | number | bigint, run: () => T): T
  now(): number
  date(): Date
  random(): number
  randomUUID(): string
  getRandomValues<T extends ArrayBufferView>(array: T): T
  performanceNow(): number
  temporalNow(method: string, ...args: unknown[]): unknown
  /** `console[method](…)`, silent while replaying. */
  log(method: string, ...args: unknown[]): void
}

let pending: Token | undefined

export function leaveToken(token: Token): void {
  pending = token
}

export function takeToken(): Token | undefined {
  const token = pending
  pending = undefined
  return token
}
