/**
 * What emitted code gets where no engine drives the instance: everything passes through, so
 * `new OrderProcess(fakes).execute(order)` is an ordinary call.
 */
import type { ProcessManifest, StepManifest } from './manifest.ts'
import { temporalAt } from './derived.ts'
import { logTo } from './plain-log.ts'
import { plainSleep, plainTryWaitFor, plainWaitFor } from './plain-waits.ts'
import type { ScopeFrame, StepFrame, Token } from './token.ts'
import { leaveToken } from './token.ts'
import type { GivenOptions } from './wait-request.ts'

class PlainScope implements ScopeFrame {
  readonly #instance: object | undefined

  constructor(instance: object | undefined) {
    this.#instance = instance
  }

  call(_site: number, args: unknown[]): unknown[] {
    return args
  }

  sleep(_site: number, until: unknown): Promise<unknown> {
    return plainSleep(until)
  }

  waitFor(_site: number, signal: unknown, options?: GivenOptions): Promise<unknown> {
    return plainWaitFor(this.#instance, signal, options)
  }

  tryWaitFor(_site: number, signal: unknown, options?: GivenOptions): Promise<unknown> {
    return plainTryWaitFor(this.#instance, signal, options)
  }

  branch(): ScopeFrame {
    return this
  }

  close(): void {
    // Nothing is counted here.
  }

  keyed<T>(_key: string | number | bigint, run: () => T): T {
    return run()
  }

  now(): number {
    return Date.now()
  }

  date(): Date {
    return new Date()
  }

  random(): number {
    return Math.random()
  }

  randomUUID(): string {
    return crypto.randomUUID()
  }

  getRandomValues<T extends ArrayBufferView>(array: T): T {
    return crypto.getRandomValues(array as unknown as Uint8Array) as unknown as T
  }

  performanceNow(): number {
    return performance.now()
  }

  temporalNow(method: string, ...args: unknown[]): unknown {
    return temporalAt(Date.now(), method, args)
  }

  log(method: string, ...args: unknown[]): void {
    logTo(method, args)
  }
}

/** For code that makes no durable calls. */
const PLAIN_SCOPE = new PlainScope(undefined)

/** The scope of process code on an instance that nothing drives. */
export function plainScope(instance: object): ScopeFrame {
  return new PlainScope(instance)
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
