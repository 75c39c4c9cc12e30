import { LimitExceededError, NotSerializableError } from '../contracts/errors.ts'
import { MsgpackWriter } from './msgpack-writer.ts'
import { describeKind, isDataObject } from './value-kind.ts'
import {
  BINARY_KINDS,
  EXT_BINARY,
  EXT_CLASS,
  EXT_ERROR,
  EXT_MAP,
  EXT_REGEXP,
  EXT_SET,
  EXT_SPARSE,
  EXT_URL,
  PAYLOAD_VERSION,
} from './payload-format.ts'
import type { RegisteredClass } from './payload-format.ts'

/** `sorted`: object keys in UTF-16 order, so that equal values have equal bytes. */
export type KeyOrder = 'kept' | 'sorted'

export interface PayloadLimits {
  readonly maxBytes: number
  readonly maxDepth: number
}

/**
 * Checks and writes a value in one walk.
 *
 * Invariants
 * 1. A value that is refused leaves nothing behind; it is walked a second time, with `#track`, to name the place.
 * 2. Getters are never called: they are refused before the property is read.
 */
export class PayloadWriter {
  readonly #limits: PayloadLimits
  readonly #classes: ReadonlyMap<object, RegisteredClass>
  readonly #keyOrder: KeyOrder
  readonly #out: MsgpackWriter
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
    this.#out = new MsgpackWriter(limits.maxBytes, (bytes) => this.#tooLong(bytes))
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
      if (this.#track) this.#stopTracking()
    }
  }

  #writePayload(value: object): Uint8Array {
    this.#out.begin(PAYLOAD_VERSION)
    this.#object(value, 1)
    return this.#out.finish()
  }

  #value(value: unknown, depth: number): void {
    switch (typeof value) {
      case 'string':
        return this.#out.string(value)
      case 'number':
        return this.#out.number(value)
      case 'object':
        return value === null ? this.#out.byte(0xc0) : this.#object(value, depth)
      case 'boolean':
        return this.#out.byte(value ? 0xc3 : 0xc2)
      case 'undefined':
        return this.#out.undefined()
      case 'bigint':
        return this.#out.bigint(value)
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
    this.#out.mapHeader(keys.length)
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string
      if (this.#track) this.#path[depth - 1] = memberPath(key)
      // Cheaper than it looks, and the only way to learn of a getter without running it.
      if (Object.getOwnPropertyDescriptor(value, key)?.get !== undefined) throw this.#refuseAccessor()
      this.#out.string(key)
      this.#value(value[key], depth + 1)
    }
    if (this.#track) this.#path.length = depth - 1
  }

  #array(value: readonly unknown[], depth: number): void {
    const length = value.length
    const before = this.#out.length
    if (length > this.#limits.maxBytes && Object.keys(value).length === length) throw this.#tooLong(length)
    this.#out.arrayHeader(length)
    for (let i = 0; i < length; i++) {
      const item = value[i]
      if (item === undefined && !Object.hasOwn(value, i)) {
        this.#out.rewind(before)
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
    this.#out.extension(EXT_SPARSE, () => this.#items(flat, depth, (i) => `[${indices[(i - 1) >> 1]}]`))
  }

  #special(value: object, depth: number): void {
    const registered = this.#classes.get(Object.getPrototypeOf(value) as object)
    if (registered !== undefined) {
      const plain = registered.toPlain(value)
      return this.#out.extension(EXT_CLASS, () => this.#items([registered.name, plain], depth, () => ''))
    }
    if (Object.getPrototypeOf(value) === Date.prototype) return this.#out.date(value as Date)
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return this.#binary(value)
    if (isDataObject(value)) return this.#plain(value as Record<string, unknown>, depth)
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype === Map.prototype) {
      const map = value as Map<unknown, unknown>
      const flat = [...map].flat(1)
      return this.#out.extension(EXT_MAP, () =>
        this.#items(flat, depth, (i) => (i % 2 === 0 ? `.keys()[${i >> 1}]` : `.values()[${i >> 1}]`)),
      )
    }
    if (prototype === Set.prototype) {
      const flat = [...(value as Set<unknown>)]
      return this.#out.extension(EXT_SET, () => this.#items(flat, depth, (i) => `.values()[${i}]`))
    }
    if (prototype === RegExp.prototype) {
      const { source, flags, lastIndex } = value as RegExp
      return this.#out.extension(EXT_REGEXP, () => this.#items([source, flags, lastIndex], depth, () => ''))
    }
    if (value instanceof Error) return this.#error(value, depth)
    if (prototype === URL.prototype) return this.#out.extension(EXT_URL, () => this.#out.string((value as URL).href))
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
    this.#out.extension(EXT_ERROR, () => this.#items(parts, depth, (i) => (i === 3 ? '.cause' : '')))
  }

  #items(items: readonly unknown[], depth: number, path: (i: number) => string): void {
    this.#out.arrayHeader(items.length)
    for (let i = 0; i < items.length; i++) {
      if (this.#track) this.#path[depth - 1] = path(i)
      this.#value(items[i], depth + 1)
    }
    if (this.#track) this.#path.length = depth - 1
  }

  #binary(value: ArrayBuffer | ArrayBufferView): void {
    const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    if (value instanceof Uint8Array) return this.#out.binary(bytes)
    const kind = BINARY_KINDS.findIndex((type) => Object.getPrototypeOf(value) === type.prototype)
    if (kind < 0) throw this.#refuse(value)
    this.#out.extension(EXT_BINARY, () => this.#out.raw(kind, bytes))
  }

  #stopTracking(): void {
    this.#track = false
    this.#path = []
    this.#ancestors = []
  }

  #enter(value: object, depth: number): void {
    if (this.#ancestors.includes(value)) {
      throw new NotSerializableError(
        this.#place(),
        'a reference to an object that contains it',
        'Break the cycle, for example with an id instead of the reference.',
      )
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
    return new LimitExceededError(
      'maxBytes',
      this.#subject,
      bytes,
      this.#limits.maxBytes,
      'Keep large data elsewhere and pass a reference to it, or raise the limit: createCodec({ maxBytes }).',
    )
  }

  #tooDeep(): LimitExceededError {
    return new LimitExceededError(
      'maxDepth',
      this.#subject,
      this.#limits.maxDepth + 1,
      this.#limits.maxDepth,
      'Flatten the value, or raise the limit: createCodec({ maxDepth }).',
    )
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
