import { createHash } from 'node:crypto'
import type { Payload, RecordedArgs } from '../contracts/journal-entry.ts'
import type { RegisteredClass } from './payload-format.ts'
import { PAYLOAD_VERSION } from './payload-format.ts'
import { PayloadPacker } from './payload-packer.ts'

/**
 * What two payloads have in common when their values are the same: object keys sorted, everything else as it is (the
 * order of a `Map` or `Set` is part of its value, `-0` differs from `0`, a member that is `undefined` from no member).
 * Instances of registered classes are compared by their plain form, so no class needs to be at hand.
 * Payloads of another codec are compared byte by byte.
 */
export type Canonicalizable = Payload | RecordedArgs

/** Whether two payloads, or two lists of arguments, hold the same value. */
export function canonicalEqual(a: Canonicalizable, b: Canonicalizable): boolean {
  if (Object.is(a, b)) return true
  if (!isCompound(a) && !isCompound(b)) return false
  if (a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0) return true
  return Buffer.compare(canonicalBytes(a), canonicalBytes(b)) === 0
}

/** `sha256:<hex>` of the canonical form: equal values have equal digests, in every OS process and version. */
export function canonicalDigest(value: Canonicalizable): string {
  return `sha256:${createHash('sha256').update(canonicalBytes(value)).digest('hex')}`
}

/** The limits were kept when the payload was written; these only keep what is no payload from exhausting the stack. */
const LIMITS = { maxBytes: 2 ** 31, maxDepth: 1100 }

/** Stands for an instance of a registered class. */
class Instance {
  readonly content: readonly [name: string, plain: unknown]
  constructor(name: string, plain: unknown) {
    this.content = [name, plain]
  }
}

const instance: RegisteredClass<Instance> = {
  name: '',
  class: Instance,
  toPlain: ({ content }) => content,
  fromPlain: (plain: never) => new Instance('', plain),
}
const anyClass = { get: (name: string): RegisteredClass => ({ ...instance, fromPlain: (plain: never) => new Instance(name, plain) }) }
const packer = new PayloadPacker(LIMITS, new Map([[Instance.prototype, instance as RegisteredClass]]), 'sorted')

function canonicalBytes(value: Canonicalizable): Uint8Array {
  if (!(value instanceof Uint8Array)) return packer.pack([value], 'value')
  if (value[0] !== PAYLOAD_VERSION) return value
  return packer.pack([packer.unpack(value, 'value', anyClass)], 'value')
}

function isCompound(value: Canonicalizable): boolean {
  return typeof value === 'object' && value !== null
}
