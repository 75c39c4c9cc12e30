import type { Codec, CodecCopy } from '../contracts/codec.ts'
import { InvalidOptionError, NotSerializableError } from '../contracts/errors.ts'
import type { Payload } from '../contracts/journal-entry.ts'
import type { RegisteredClass } from './payload-format.ts'
import { PayloadPacker } from './payload-packer.ts'
import { describeKind } from './value-kind.ts'
import { payloadTooLong } from './value-projector.ts'

export interface CodecOptions {
  /** Largest encoded value, in bytes; default 4 MiB. */
  readonly maxBytes?: number
  /** Deepest nesting of objects, arrays, maps and sets; default 64, at most 1000. */
  readonly maxDepth?: number
  /** Classes whose instances may be passed and returned. */
  readonly classes?: readonly RegisteredClass[]
}

const DEFAULT_MAX_BYTES = 4 * 1024 * 1024
const DEFAULT_MAX_DEPTH = 64
/** Nesting far below what the stack takes, whoever calls. */
const LARGEST_MAX_DEPTH = 1000

/**
 * The codec of the journal: MessagePack by msgpackr, self-contained payloads, kinds kept, everything else refused by name.
 *
 * ```ts
 * const codec = createCodec({ maxBytes: 1024 * 1024 })
 * codec.decode(codec.encode({ at: new Date(0), total: 12n }, 'result of step "charge"'), 'result of step "charge"')
 * ```
 *
 * Kept: primitives, plain objects (also without prototype, which come back with the usual one), arrays and their holes,
 * `Date`, `Map`, `Set`, `RegExp`, `URL`, `Uint8Array` (a `Buffer` comes back as one), all typed arrays, `ArrayBuffer`, `DataView`,
 * registered classes, and errors: name, message, cause and own enumerable properties such as `code`, as the built-in class of that
 * name or else `Error`. Symbol-keyed and non-enumerable properties are no data and are left out. An object reached twice
 * comes back as two.
 *
 * @throws NotSerializableError by `encode`: functions, symbols, getters, cycles, instances of classes that are not registered
 * @throws LimitExceededError by `encode`: over `maxBytes` or `maxDepth`
 * @throws DecodeError by `decode`: anything `encode` has not written, or over the limits
 */
export function createCodec(options: CodecOptions = {}): Codec {
  const limits = {
    maxBytes: integer('maxBytes', options.maxBytes ?? DEFAULT_MAX_BYTES, 2 ** 30),
    maxDepth: integer('maxDepth', options.maxDepth ?? DEFAULT_MAX_DEPTH, LARGEST_MAX_DEPTH),
  }
  const classes = options.classes ?? []
  const byName = new Map(classes.map((registered) => [registered.name, registered]))
  if (byName.size !== classes.length)
    throw new InvalidOptionError(
      'classes',
      classes.map(({ name }) => name),
      'each class needs a name of its own',
    )
  const packer = new PayloadPacker(limits, new Map(classes.map((registered) => [registered.class.prototype as object, registered])))
  return {
    name: 'msgpack',
    encode,
    decode(payload: Payload, subject: string): unknown {
      return payload instanceof Uint8Array ? packer.unpack(payload, subject, byName) : payload
    },
    copy(value: unknown, subject: string): CodecCopy {
      if (typeof value === 'object' && value !== null) return packer.packAndCopy(value, subject, byName)
      const payload = encode(value, subject)
      return { payload, copy: payload }
    },
  }

  function encode(value: unknown, subject: string): Payload {
    if (typeof value === 'object' && value !== null) return packer.pack(value, subject)
    if (typeof value === 'string' && value.length > limits.maxBytes) throw payloadTooLong(subject, value.length, limits)
    if (isPrimitive(value)) return value
    const { found, advice } = describeKind(value)
    throw new NotSerializableError(subject, found, advice)
  }
}

function isPrimitive(value: unknown): value is Exclude<Payload, Uint8Array> {
  return value === null || !(typeof value === 'object' || typeof value === 'function' || typeof value === 'symbol')
}

function integer(option: string, value: number, most: number): number {
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new InvalidOptionError(option, value, `give a whole number from 1 to ${most}`)
  return value
}
