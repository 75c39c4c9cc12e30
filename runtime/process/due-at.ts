import { InvalidOptionError } from '../contracts/errors.ts'
import type { Signal } from './signal.ts'

/** The last time a `Date` can hold. */
const END_OF_TIME = 8.64e15

/**
 * When a sleep ends.
 * @throws InvalidOptionError it never would
 */
export function dueAt(until: unknown, now: number): number {
  const isDate = until instanceof Date
  const at = isDate ? until.getTime() : typeof until === 'number' ? now + Math.max(0, until) : NaN
  if (at <= END_OF_TIME) return at
  throw new InvalidOptionError('until', isDate ? String(until) : until, 'sleep takes milliseconds or a valid Date')
}

/** @throws InvalidOptionError it cannot be used */
export function timeoutOf(timeoutMs: unknown): number | undefined {
  if (timeoutMs === undefined) return undefined
  if (typeof timeoutMs === 'number' && timeoutMs >= 0 && timeoutMs <= END_OF_TIME) return timeoutMs
  throw new InvalidOptionError('timeoutMs', timeoutMs, 'give milliseconds, 0 or more; leave it out to wait for ever')
}

/** @throws InvalidOptionError it is no signal */
export function signalName(signal: unknown): string {
  const name = typeof signal === 'object' && signal !== null ? (signal as Partial<Signal<unknown>>).name : undefined
  if (typeof name === 'string') return name
  throw new InvalidOptionError('signal', signal, 'give what defineSignal answered')
}
