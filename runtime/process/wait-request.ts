/**
 * What `sleep`, `waitFor` and `tryWaitFor` were given, checked.
 */
import { InvalidOptionError } from '../contracts/errors.ts'
import type { Signal } from './signal.ts'

/** What is waited for: a time, a signal, or whichever comes first. */
export interface WaitRequest {
  readonly signal: string | undefined
  readonly timeoutMs: number | undefined
  readonly dueAt: number | undefined
}

/** Options of `waitFor` as they come. */
export interface GivenOptions {
  readonly timeoutMs?: unknown
}

/** The last time a `Date` can hold. */
const END_OF_TIME = 8.64e15

/** @throws InvalidOptionError it would never end */
export function sleepRequest(until: unknown, now: number): WaitRequest {
  const isDate = until instanceof Date
  const dueAt = isDate ? until.getTime() : typeof until === 'number' ? now + Math.max(0, until) : NaN
  if (dueAt <= END_OF_TIME) return { signal: undefined, timeoutMs: undefined, dueAt }
  throw new InvalidOptionError('until', isDate ? String(until) : until, 'sleep takes milliseconds or a valid Date')
}

/** @throws InvalidOptionError it is no signal, or the timeout cannot be used */
export function signalRequest(signal: unknown, options: GivenOptions | undefined, now: number): WaitRequest & { readonly signal: string } {
  const name = typeof signal === 'object' && signal !== null ? (signal as Partial<Signal<unknown>>).name : undefined
  if (typeof name !== 'string') throw new InvalidOptionError('signal', signal, 'give what defineSignal answered')
  const timeoutMs = options?.timeoutMs
  if (timeoutMs === undefined) return { signal: name, timeoutMs, dueAt: undefined }
  if (typeof timeoutMs === 'number' && timeoutMs >= 0 && now + timeoutMs <= END_OF_TIME)
    return { signal: name, timeoutMs, dueAt: now + timeoutMs }
  throw new InvalidOptionError('timeoutMs', timeoutMs, 'give milliseconds, 0 or more; leave it out to wait for ever')
}
