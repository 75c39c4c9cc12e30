import type { Payload } from './journal-entry.ts'

/**
 * Turns values into what the journal holds and back. Values keep their kind: `Uint8Array`, `Date`, `Map`, `Set`,
 * `RegExp`, typed arrays, `bigint`, `-0`, `NaN`, `undefined` members, key order, lone surrogates.
 */
export interface Codec {
  readonly name: string
  /**
   * @param subject names the value in errors: `result of step "charge"`
   * @throws NotSerializableError functions, symbols, class instances, cycles, accessors
   * @throws LimitExceededError over `maxBytes` or `maxDepth`
   */
  encode(value: unknown, subject: string): Payload
  /**
   * `encode`, and `decode` of its result: the copy a step or process code gets of what the journal holds.
   * @throws NotSerializableError, LimitExceededError as `encode`
   */
  copy(value: unknown, subject: string): CodecCopy
  /** @throws DecodeError bytes this codec did not write, or over its limits */
  decode(payload: Payload, subject: string): unknown
}

/** A value encoded, and decoded again from those bytes: what the journal keeps and what process code gets. */
export interface CodecCopy {
  readonly payload: Payload
  readonly copy: unknown
}
