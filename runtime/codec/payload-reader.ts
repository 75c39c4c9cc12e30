import { DecodeError } from '../contracts/errors.ts'
import {
  BINARY_KINDS,
  BUILT_IN_ERRORS,
  EXT_BIGINT,
  EXT_BINARY,
  EXT_CLASS,
  EXT_DATE,
  EXT_ERROR,
  EXT_MAP,
  EXT_REGEXP,
  EXT_SET,
  EXT_SPARSE,
  EXT_UNDEFINED,
  EXT_URL,
  EXT_UTF16,
  PAYLOAD_VERSION,
} from './payload-format.ts'
import type { RegisteredClass } from './payload-format.ts'
import { readKey } from './key-cache.ts'
import type { PayloadLimits } from './payload-writer.ts'

/** Strings shorter than this are built from their bytes in JavaScript; a call into the platform costs more. */
const SHORT_STRING = 9

/**
 * Views of the memory the last payload was in: payloads share slabs, so the next one is often in the same, and making
 * views costs more than reading a small payload.
 */
interface Slab {
  readonly buffer: ArrayBufferLike
  readonly bytes: Buffer
  /** Made for the first number that needs it. */
  view: DataView | undefined
}

let lastSlab: Slab | undefined

function slabOf(buffer: ArrayBufferLike): Slab {
  if (lastSlab === undefined || lastSlab.buffer !== buffer) lastSlab = { buffer, bytes: Buffer.from(buffer), view: undefined }
  return lastSlab
}

/** Finds registered classes by name. */
export type ClassLookup = Pick<ReadonlyMap<string, RegisteredClass>, 'get'>

/**
 * Reads a payload back, trusting no byte of it.
 *
 * Invariants
 * 1. Nothing is allocated for a declared length before that many bytes are known to be there.
 * 2. Depth is bounded by the limit, so the stack is too.
 * 3. What is handed out shares no memory with the payload.
 * 4. No key reaches a prototype: `__proto__` becomes an own property.
 */
export class PayloadReader {
  readonly #limits: PayloadLimits
  readonly #classes: ClassLookup
  readonly #subject: string
  /** The memory around the payload, of which only the payload may be read. */
  readonly #slab: Slab
  readonly #bytes: Buffer
  readonly #start: number
  #at: number
  #end: number

  /** @param classes registered classes by name */
  constructor(payload: Uint8Array, subject: string, limits: PayloadLimits, classes: ClassLookup) {
    this.#limits = limits
    this.#classes = classes
    this.#subject = subject
    this.#slab = slabOf(payload.buffer)
    this.#bytes = this.#slab.bytes
    this.#start = payload.byteOffset
    this.#at = this.#start
    this.#end = this.#start + payload.byteLength
  }

  read(): unknown {
    const length = this.#end - this.#start
    if (length > this.#limits.maxBytes) throw this.#bad(`it has ${length} bytes, the limit "maxBytes" is ${this.#limits.maxBytes}`)
    const format = length === 0 ? 'none' : this.#bytes[this.#at++]
    if (format !== PAYLOAD_VERSION) throw this.#bad(`it has format ${format}, this codec reads ${PAYLOAD_VERSION}`)
    const value = this.#value(0)
    if (this.#at !== this.#end) throw this.#bad(`${this.#end - this.#at} bytes follow its end`)
    return value
  }

  #value(depth: number): unknown {
    const at = this.#at
    if (at >= this.#end) throw this.#cutOff()
    const token = this.#bytes[at] as number
    this.#at = at + 1
    if (token < 0x80) return token
    if (token < 0x90) return this.#object(token & 0x0f, depth + 1)
    if (token < 0xa0) return this.#array(token & 0x0f, depth + 1)
    if (token < 0xc0) return this.#string(token & 0x1f)
    if (token >= 0xe0) return token - 0x100
    switch (token) {
      case 0xc0:
        return null
      case 0xc2:
        return false
      case 0xc3:
        return true
      case 0xc4:
        return this.#bin(this.#uint(1))
      case 0xc5:
        return this.#bin(this.#uint(2))
      case 0xc6:
        return this.#bin(this.#uint(4))
      case 0xc7:
        return this.#extension(this.#uint(1), depth)
      case 0xc8:
        return this.#extension(this.#uint(2), depth)
      case 0xc9:
        return this.#extension(this.#uint(4), depth)
      case 0xcb:
        return this.#float64()
      case 0xcc:
        return this.#uint(1)
      case 0xcd:
        return this.#uint(2)
      case 0xce:
        return this.#uint(4)
      case 0xd2:
        return this.#uint(4) | 0
      case 0xd3:
        return this.#dataView(8).getBigInt64(this.#at - 8)
      case 0xd4:
        return this.#extension(1, depth)
      case 0xd9:
        return this.#string(this.#uint(1))
      case 0xda:
        return this.#string(this.#uint(2))
      case 0xdb:
        return this.#string(this.#uint(4))
      case 0xdc:
        return this.#array(this.#uint(2), depth + 1)
      case 0xdd:
        return this.#array(this.#uint(4), depth + 1)
      case 0xde:
        return this.#object(this.#uint(2), depth + 1)
      case 0xdf:
        return this.#object(this.#uint(4), depth + 1)
      default:
        throw this.#bad(`byte 0x${token.toString(16)} at offset ${this.#offset(at)} starts no value`)
    }
  }

  #object(size: number, depth: number): Record<string, unknown> {
    this.#enter(2 * size, depth)
    const object: Record<string, unknown> = {}
    for (let i = 0; i < size; i++) {
      const key = this.#key()
      const value = this.#value(depth)
      if (key === '__proto__') define(object, key, value)
      else object[key] = value
    }
    return object
  }

  #key(): string {
    const token = this.#bytes[this.#at] as number
    if (token >= 0xa0 && token < 0xc0) {
      const start = this.#at + 1
      const end = start + (token & 0x1f)
      if (end > this.#end) throw this.#cutOff()
      this.#at = end
      return readKey(this.#bytes, start, end)
    }
    const key = this.#value(this.#limits.maxDepth)
    if (typeof key !== 'string') throw this.#bad(`a property name at offset ${this.#offset(this.#at)} is no string`)
    return key
  }

  #array(size: number, depth: number): unknown[] {
    this.#enter(size, depth)
    const array: unknown[] = []
    for (let i = 0; i < size; i++) array.push(this.#value(depth))
    return array
  }

  #string(bytes: number): string {
    const start = this.#at
    const end = start + bytes
    if (end > this.#end) throw this.#cutOff()
    this.#at = end
    if (bytes < SHORT_STRING) {
      const text = shortAscii(this.#bytes, start, end)
      if (text !== undefined) return text
    }
    return this.#bytes.toString('utf8', start, end)
  }

  #bin(length: number): Uint8Array {
    return new Uint8Array(this.#take(length))
  }

  #extension(length: number, depth: number): unknown {
    const type = this.#uint(1)
    const start = this.#at
    if (start + length > this.#end) throw this.#cutOff()
    const outer = this.#end
    this.#end = start + length
    const value = this.#extensionValue(type, length, depth + 1)
    if (this.#at !== this.#end)
      throw this.#bad(`extension ${type} at offset ${this.#offset(start)} has ${this.#end - this.#at} bytes too many`)
    this.#end = outer
    return value
  }

  #extensionValue(type: number, length: number, depth: number): unknown {
    switch (type) {
      case EXT_UNDEFINED:
        this.#at += length
        return undefined
      case EXT_BIGINT: {
        const negative = this.#uint(1) === 1
        const hex = this.#take(length - 1).toString('hex')
        const magnitude = BigInt(`0x${hex === '' ? '0' : hex}`)
        return negative ? -magnitude : magnitude
      }
      case EXT_UTF16:
        return this.#take(length).toString('utf16le')
      case EXT_DATE:
        return new Date(this.#float64())
      case EXT_BINARY:
        return this.#binary(length)
      case EXT_URL:
        return this.#made(type, () => new URL(this.#text()))
      case EXT_CLASS:
        return this.#instance(depth)
      default:
        return this.#collection(type, depth)
    }
  }

  #collection(type: number, depth: number): unknown {
    const items = this.#list(depth)
    switch (type) {
      case EXT_MAP: {
        const map = new Map<unknown, unknown>()
        for (let i = 0; i < items.length; i += 2) map.set(items[i], items[i + 1])
        return map
      }
      case EXT_SET:
        return new Set(items)
      case EXT_REGEXP:
        return this.#made(type, () => {
          const expression = new RegExp(asString(items[0]), asString(items[1]))
          expression.lastIndex = Number(items[2])
          return expression
        })
      case EXT_ERROR:
        return this.#made(type, () => rebuildError(items))
      case EXT_SPARSE:
        return this.#sparse(items)
      default:
        throw this.#bad(`extension ${type} before offset ${this.#offset(this.#at)} is unknown`)
    }
  }

  /** A huge declared length costs nothing: the holes of a sparse array take no memory. */
  #sparse(items: readonly unknown[]): unknown[] {
    const length = items[0]
    if (typeof length !== 'number' || length >>> 0 !== length) throw this.#bad('a sparse array has no length')
    const array: unknown[] = []
    array.length = length
    for (let i = 1; i < items.length; i += 2) {
      const index = items[i]
      if (typeof index !== 'number' || index >>> 0 !== index || index >= length) throw this.#bad('a sparse array has an index out of range')
      array[index] = items[i + 1]
    }
    return array
  }

  #binary(length: number): unknown {
    const kind = BINARY_KINDS[this.#uint(1)]
    const { buffer } = new Uint8Array(this.#take(length - 1))
    if (kind === undefined) throw this.#bad('it holds binary data of an unknown kind')
    return kind === ArrayBuffer ? buffer : this.#made(EXT_BINARY, () => new (kind as typeof DataView)(buffer))
  }

  #instance(depth: number): unknown {
    const [name, plain] = this.#list(depth)
    const registered = this.#classes.get(asString(name))
    if (registered === undefined)
      throw this.#bad(`it holds an instance of class ${JSON.stringify(name)}, which is not registered: createCodec({ classes })`)
    return registered.fromPlain(plain as never)
  }

  #list(depth: number): unknown[] {
    const list = this.#value(depth - 1)
    if (!Array.isArray(list)) throw this.#bad(`an extension before offset ${this.#offset(this.#at)} holds no list`)
    return list
  }

  #text(): string {
    return asString(this.#value(this.#limits.maxDepth))
  }

  #made<T>(type: number, make: () => T): T {
    try {
      return make()
    } catch (cause) {
      throw new DecodeError(this.#subject, `extension ${type} before offset ${this.#offset(this.#at)} holds no value of its kind`, {
        cause,
      })
    }
  }

  #enter(items: number, depth: number): void {
    if (depth > this.#limits.maxDepth) throw this.#bad(`it nests deeper than the limit "maxDepth", ${this.#limits.maxDepth}`)
    if (items > this.#end - this.#at) throw this.#cutOff()
  }

  #uint(bytes: 1 | 2 | 4): number {
    const at = this.#at
    if (at + bytes > this.#end) throw this.#cutOff()
    this.#at = at + bytes
    const source = this.#bytes
    if (bytes === 1) return source[at] as number
    if (bytes === 2) return source.readUInt16BE(at)
    return source.readUInt32BE(at)
  }

  #float64(): number {
    return this.#dataView(8).getFloat64(this.#at - 8)
  }

  #dataView(bytes: number): DataView {
    if (this.#at + bytes > this.#end) throw this.#cutOff()
    this.#at += bytes
    return (this.#slab.view ??= new DataView(this.#slab.buffer))
  }

  #take(bytes: number): Buffer {
    const start = this.#at
    if (bytes < 0 || start + bytes > this.#end) throw this.#cutOff()
    this.#at = start + bytes
    return this.#bytes.subarray(start, this.#at)
  }

  /** Where something is in the payload, for messages. */
  #offset(at: number): number {
    return at - this.#start
  }

  #cutOff(): DecodeError {
    return this.#bad(`it ends at byte ${this.#offset(this.#end)}, in the middle of a value`)
  }

  #bad(what: string): DecodeError {
    return new DecodeError(this.#subject, what)
  }
}

/** Four characters at a time: a string grown one by one is a chain that the next reader has to flatten. */
function shortAscii(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = ''
  let at = start
  for (; at + 4 <= end; at += 4) {
    const [a, b, c, d] = [bytes[at] as number, bytes[at + 1] as number, bytes[at + 2] as number, bytes[at + 3] as number]
    if ((a | b | c | d) >= 0x80) return undefined
    text += String.fromCharCode(a, b, c, d)
  }
  for (; at < end; at++) {
    const byte = bytes[at] as number
    if (byte >= 0x80) return undefined
    text += String.fromCharCode(byte)
  }
  return text
}

function rebuildError([name, message, own, ...cause]: readonly unknown[]): Error {
  const errorClass = BUILT_IN_ERRORS.get(asString(name)) ?? Error
  const error = new errorClass(asString(message))
  if (error.name !== name) define(error, 'name', name, false)
  if (cause.length > 0) define(error, 'cause', cause[0], false)
  for (const [key, value] of Object.entries(own as object)) define(error, key, value)
  // The stack of the place that decodes helps nobody.
  define(error, 'stack', `${asString(name)}: ${asString(message)}`, false)
  return error
}

function asString(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('not a string')
  return value
}

/** Assignment that also works for `__proto__`. */
function define(target: object, key: string, value: unknown, enumerable = true): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable, configurable: true })
}
