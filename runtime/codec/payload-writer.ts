import { LimitExceededError, NotSerializableError } from '../contracts/errors.ts'
import { describeKind, isDataObject } from './value-kind.ts'
import {
  BINARY_KINDS,
  EXT_BIGINT,
  EXT_BINARY,
  EXT_CLASS,
  EXT_DATE,
  EXT_ERROR,
  EXT_MAP,
  EXT_REGEXP,
  EXT_SET,
  EXT_SPARSE,
  EXT_URL,
  EXT_UTF16,
  PAYLOAD_VERSION,
} from './payload-format.ts'
import type { RegisteredClass } from './payload-format.ts'

/** `sorted`: object keys in UTF-16 order, so that equal values have equal bytes. */
export type KeyOrder = 'kept' | 'sorted'

export interface PayloadLimits {
  readonly maxBytes: number
  readonly maxDepth: number
}

/** Payloads share slabs of this size, so that a small one costs no allocation of its own. */
const SLAB_BYTES = 32 * 1024

/** Longest string that is written character by character; longer ones are faster through the platform's encoder. */
const SHORT_STRING = 48

interface MaybeWellFormed {
  isWellFormed(): boolean
}

/**
 * Checks and writes a value in one walk.
 *
 * Invariants
 * 1. Bytes handed out are never written again: each payload has its own stretch of a slab.
 * 2. A value that is refused leaves nothing behind; it is walked a second time, with `#track`, to name the place.
 * 3. Getters are never called: they are refused before the property is read.
 */
export class PayloadWriter {
  readonly #limits: PayloadLimits
  readonly #classes: ReadonlyMap<object, RegisteredClass>
  readonly #keyOrder: KeyOrder
  #slab: Buffer = Buffer.allocUnsafeSlow(SLAB_BYTES)
  #view: DataView = new DataView(this.#slab.buffer)
  #start = 0
  #at = 0
  #busy = false
  #subject = ''
  /** Second walk: keep path and ancestors for the message. */
  #track = false
  #path: string[] = []
  #ancestors: object[] = []

  /** @param classes registered classes by prototype */
  constructor(limits: PayloadLimits, classes: ReadonlyMap<object, RegisteredClass>, keyOrder: KeyOrder = 'kept') {
    this.#limits = limits
    this.#classes = classes
    this.#keyOrder = keyOrder
  }

  write(value: object, subject: string): Uint8Array {
    // A proxy's trap or a `toPlain` that encodes something itself gets a writer of its own.
    if (this.#busy) return new PayloadWriter(this.#limits, this.#classes, this.#keyOrder).write(value, subject)
    this.#busy = true
    this.#subject = subject
    try {
      return this.#writePayload(value)
    } catch (error) {
      if (this.#track || !(error instanceof NotSerializableError || error instanceof LimitExceededError)) throw error
      this.#track = true
      return this.#writePayload(value)
    } finally {
      this.#busy = false
      this.#track = false
      this.#path = []
      this.#ancestors = []
    }
  }

  #writePayload(value: object): Uint8Array {
    this.#at = this.#start
    this.#room(1)
    this.#slab[this.#at++] = PAYLOAD_VERSION
    this.#object(value, 1)
    const bytes = this.#at - this.#start
    if (bytes > this.#limits.maxBytes) throw this.#tooLong(bytes)
    const payload = new Uint8Array(this.#slab.buffer, this.#start, bytes)
    this.#start = this.#at
    return payload
  }

  #value(value: unknown, depth: number): void {
    switch (typeof value) {
      case 'string':
        return this.#string(value)
      case 'number':
        return this.#number(value)
      case 'object':
        if (value !== null) return this.#object(value, depth)
        this.#room(1)
        this.#slab[this.#at++] = 0xc0
        return
      case 'boolean':
        this.#room(1)
        this.#slab[this.#at++] = value ? 0xc3 : 0xc2
        return
      case 'undefined':
        this.#room(3)
        this.#slab[this.#at++] = 0xd4
        this.#slab[this.#at++] = 0
        this.#slab[this.#at++] = 0
        return
      case 'bigint':
        return this.#bigint(value)
      default:
        throw this.#refuse(value)
    }
  }

  #object(value: object, depth: number): void {
    if (this.#track) this.#enter(value, depth)
    if (depth > this.#limits.maxDepth) throw this.#tooDeep()
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype === Object.prototype || prototype === null) this.#plain(value as Record<string, unknown>, depth)
    else if (prototype === Array.prototype && Array.isArray(value)) this.#array(value, depth)
    else this.#special(value, depth)
    if (this.#track) this.#ancestors.pop()
  }

  #plain(value: Record<string, unknown>, depth: number): void {
    const keys = Object.keys(value)
    if (this.#keyOrder === 'sorted') keys.sort()
    this.#header(keys.length, 0x80, 0xde)
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string
      if (this.#track) this.#path[depth - 1] = memberPath(key)
      // Cheaper than it looks, and the only way to learn of a getter without running it.
      if (Object.getOwnPropertyDescriptor(value, key)?.get !== undefined) throw this.#refuseAccessor()
      this.#string(key)
      this.#value(value[key], depth + 1)
    }
    if (this.#track) this.#path.length = depth - 1
  }

  #array(value: readonly unknown[], depth: number): void {
    const length = value.length
    // Relative: the slab may be replaced by a larger one meanwhile.
    const offset = this.#at - this.#start
    if (length > this.#limits.maxBytes && Object.keys(value).length === length) throw this.#tooLong(length)
    this.#header(length, 0x90, 0xdc)
    for (let i = 0; i < length; i++) {
      const item = value[i]
      if (item === undefined && !Object.hasOwn(value, i)) {
        this.#at = this.#start + offset
        return this.#sparse(value, depth)
      }
      if (this.#track) this.#path[depth - 1] = `[${i}]`
      this.#value(item, depth + 1)
    }
    if (this.#track) this.#path.length = depth - 1
  }

  #sparse(value: readonly unknown[], depth: number): void {
    const indices = Object.keys(value).filter((key) => String(Number(key) >>> 0) === key && Number(key) < value.length)
    const flat: unknown[] = [value.length]
    for (const index of indices) flat.push(Number(index), value[Number(index)])
    this.#extension(EXT_SPARSE, () => this.#items(flat, depth, (i) => `[${indices[(i - 1) >> 1]}]`))
  }

  #special(value: object, depth: number): void {
    const registered = this.#classes.get(Object.getPrototypeOf(value) as object)
    if (registered !== undefined) {
      const plain = registered.toPlain(value)
      return this.#extension(EXT_CLASS, () => this.#items([registered.name, plain], depth, () => ''))
    }
    if (Object.getPrototypeOf(value) === Date.prototype) return this.#date(value as Date)
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return this.#binary(value)
    if (isDataObject(value)) return this.#plain(value as Record<string, unknown>, depth)
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype === Map.prototype) {
      const map = value as Map<unknown, unknown>
      const flat = [...map].flat(1)
      return this.#extension(EXT_MAP, () => this.#items(flat, depth, (i) => (i % 2 === 0 ? `.keys()[${i >> 1}]` : `.values()[${i >> 1}]`)))
    }
    if (prototype === Set.prototype) {
      const flat = [...(value as Set<unknown>)]
      return this.#extension(EXT_SET, () => this.#items(flat, depth, (i) => `.values()[${i}]`))
    }
    if (prototype === RegExp.prototype) {
      const { source, flags, lastIndex } = value as RegExp
      return this.#extension(EXT_REGEXP, () => this.#items([source, flags, lastIndex], depth, () => ''))
    }
    if (value instanceof Error) return this.#error(value, depth)
    if (prototype === URL.prototype) return this.#extension(EXT_URL, () => this.#string((value as URL).href))
    throw this.#refuse(value)
  }

  #error(error: Error, depth: number): void {
    const own: Record<string, unknown> = {}
    for (const key of Object.keys(error)) {
      if (this.#track) this.#path[depth - 1] = memberPath(key)
      const descriptor = Object.getOwnPropertyDescriptor(error, key)
      if (descriptor?.get !== undefined) throw this.#refuseAccessor()
      if (key !== 'name' && key !== 'message' && key !== 'stack' && key !== 'cause') define(own, key, descriptor?.value)
    }
    const parts: unknown[] = [String(error.name), String(error.message), own]
    if (Object.hasOwn(error, 'cause')) parts.push(error.cause)
    this.#extension(EXT_ERROR, () => this.#items(parts, depth, (i) => (i === 3 ? '.cause' : '')))
  }

  #items(items: readonly unknown[], depth: number, path: (i: number) => string): void {
    this.#header(items.length, 0x90, 0xdc)
    for (let i = 0; i < items.length; i++) {
      if (this.#track) this.#path[depth - 1] = path(i)
      this.#value(items[i], depth + 1)
    }
    if (this.#track) this.#path.length = depth - 1
  }

  #number(value: number): void {
    this.#room(9)
    const slab = this.#slab
    if (value >>> 0 === value && (value !== 0 || 1 / value > 0)) {
      if (value < 0x80) slab[this.#at++] = value
      else if (value < 0x100) {
        slab[this.#at++] = 0xcc
        slab[this.#at++] = value
      } else if (value < 0x10000) {
        slab[this.#at++] = 0xcd
        slab[this.#at++] = value >> 8
        slab[this.#at++] = value
      } else {
        slab[this.#at++] = 0xce
        this.#view.setUint32(this.#at, value)
        this.#at += 4
      }
    } else if (value >> 0 === value && value !== 0) {
      if (value >= -0x20) slab[this.#at++] = value
      else {
        slab[this.#at++] = 0xd2
        this.#view.setInt32(this.#at, value)
        this.#at += 4
      }
    } else {
      slab[this.#at++] = 0xcb
      // One NaN of the many, so that equal values have equal bytes.
      this.#view.setFloat64(this.#at, Number.isNaN(value) ? NaN : value)
      this.#at += 8
    }
  }

  #bigint(value: bigint): void {
    if (BigInt.asIntN(64, value) === value) {
      this.#room(9)
      this.#slab[this.#at++] = 0xd3
      this.#view.setBigInt64(this.#at, value)
      this.#at += 8
      return
    }
    const hex = (value < 0n ? -value : value).toString(16)
    const magnitude = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
    this.#extension(EXT_BIGINT, () => this.#raw(value < 0n ? 1 : 0, magnitude))
  }

  #string(value: string): void {
    const length = value.length
    if (length < SHORT_STRING) {
      this.#room(length + 2)
      const slab = this.#slab
      let at = this.#at
      if (length < 32) slab[at++] = 0xa0 | length
      else {
        slab[at++] = 0xd9
        slab[at++] = length
      }
      let i = 0
      for (; i < length; i++) {
        const unit = value.charCodeAt(i)
        if (unit >= 0x80) break
        slab[at++] = unit
      }
      if (i === length) {
        this.#at = at
        return
      }
    }
    this.#longString(value)
  }

  #longString(value: string): void {
    const { length } = value
    if (length > this.#limits.maxBytes) throw this.#tooLong(length)
    if (!(value as unknown as MaybeWellFormed).isWellFormed()) {
      const units = Buffer.from(value, 'utf16le')
      return this.#extension(EXT_UTF16, () => this.#raw(undefined, units))
    }
    this.#room(3 * length + 5)
    const header = 3 * length < 0x100 ? 2 : 3 * length < 0x10000 ? 3 : 5
    const written = this.#slab.write(value, this.#at + header, 'utf8')
    if (header === 2) {
      this.#slab[this.#at] = 0xd9
      this.#slab[this.#at + 1] = written
    } else if (header === 3) {
      this.#slab[this.#at] = 0xda
      this.#view.setUint16(this.#at + 1, written)
    } else {
      this.#slab[this.#at] = 0xdb
      this.#view.setUint32(this.#at + 1, written)
    }
    this.#at += header + written
  }

  #date(value: Date): void {
    this.#room(11)
    this.#slab[this.#at++] = 0xc7
    this.#slab[this.#at++] = 8
    this.#slab[this.#at++] = EXT_DATE
    this.#view.setFloat64(this.#at, value.getTime())
    this.#at += 8
  }

  #binary(value: ArrayBuffer | ArrayBufferView): void {
    const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    if (bytes.length > this.#limits.maxBytes) throw this.#tooLong(bytes.length)
    if (value instanceof Uint8Array) {
      this.#room(5 + bytes.length)
      this.#slab[this.#at++] = 0xc6
      this.#view.setUint32(this.#at, bytes.length)
      this.#at += 4
      this.#slab.set(bytes, this.#at)
      this.#at += bytes.length
      return
    }
    const kind = BINARY_KINDS.findIndex((type) => Object.getPrototypeOf(value) === type.prototype)
    if (kind < 0) throw this.#refuse(value)
    this.#extension(EXT_BINARY, () => this.#raw(kind, bytes))
  }

  /** Writes an extension whose length is known only afterwards. */
  #extension(type: number, data: () => void): void {
    this.#room(6)
    const offset = this.#at - this.#start
    this.#at += 6
    data()
    const header = this.#start + offset
    this.#slab[header] = 0xc9
    this.#view.setUint32(header + 1, this.#at - header - 6)
    this.#slab[header + 5] = type
  }

  #raw(first: number | undefined, bytes: Uint8Array): void {
    this.#room(bytes.length + 1)
    if (first !== undefined) this.#slab[this.#at++] = first
    this.#slab.set(bytes, this.#at)
    this.#at += bytes.length
  }

  #header(length: number, short: number, long: number): void {
    this.#room(5)
    if (length < 16) this.#slab[this.#at++] = short | length
    else if (length < 0x10000) {
      this.#slab[this.#at] = long
      this.#view.setUint16(this.#at + 1, length)
      this.#at += 3
    } else {
      this.#slab[this.#at] = long + 1
      this.#view.setUint32(this.#at + 1, length)
      this.#at += 5
    }
  }

  #room(bytes: number): void {
    if (this.#at + bytes > this.#slab.length) this.#grow(bytes)
  }

  #grow(bytes: number): void {
    const used = this.#at - this.#start
    if (used > this.#limits.maxBytes) throw this.#tooLong(used)
    const slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, 2 * used + bytes))
    this.#slab.copy(slab, 0, this.#start, this.#at)
    this.#slab = slab
    this.#view = new DataView(slab.buffer)
    this.#start = 0
    this.#at = used
  }

  #enter(value: object, depth: number): void {
    if (this.#ancestors.includes(value)) {
      throw new NotSerializableError(this.#place(), 'a reference to an object that contains it', 'Break the cycle, for example with an id instead of the reference.')
    }
    this.#ancestors.length = depth - 1
    this.#ancestors.push(value)
  }

  #place(): string {
    return this.#subject + this.#path.join('')
  }

  #refuse(value: unknown): NotSerializableError {
    const { found, advice } = describeKind(value)
    return new NotSerializableError(this.#place(), found, advice)
  }

  #refuseAccessor(): NotSerializableError {
    return new NotSerializableError(this.#place(), 'a getter', 'Return a copy with plain properties, for example { ...value }.')
  }

  #tooLong(bytes: number): LimitExceededError {
    return new LimitExceededError('maxBytes', this.#subject, bytes, this.#limits.maxBytes, 'Keep large data elsewhere and pass a reference to it, or raise the limit: createCodec({ maxBytes }).')
  }

  #tooDeep(): LimitExceededError {
    return new LimitExceededError('maxDepth', this.#subject, this.#limits.maxDepth + 1, this.#limits.maxDepth, 'Flatten the value, or raise the limit: createCodec({ maxDepth }).')
  }
}

/** How a property is written in code: `.name`, or `["odd name"]`. */
function memberPath(key: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}

/** Assignment that also works for `__proto__`. */
function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
}
