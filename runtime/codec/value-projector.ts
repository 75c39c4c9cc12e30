import { LimitExceededError, NotSerializableError } from '../contracts/errors.ts'
import { BINARY_CLASSES, KIND } from './payload-format.ts'
import type { PayloadLimits, RegisteredClass } from './payload-format.ts'
import { StandIn } from './stand-in.ts'
import { describeKind, isDataObject } from './value-kind.ts'

/** `sorted`: object keys in UTF-16 order, so that equal values have equal bytes. */
export type KeyOrder = 'kept' | 'sorted'

const NEGATIVE_ZERO = new StandIn([KIND.negativeZero])

interface MaybeWellFormed {
  isWellFormed(): boolean
}

/**
 * Checks a value and makes it packable: the value itself where msgpackr brings it back as it is, else a copy of as little
 * as possible in which stand-ins take the places of what it does not.
 *
 * Invariants
 * 1. A value that is refused leaves nothing behind; it is walked a second time, with `#track`, to name the place.
 * 2. Getters are never called: they are refused before the property is read.
 * 3. The walk ends: depth is limited, and what it passes counts towards `maxBytes`, however often one object is reached.
 */
export class ValueProjector {
  readonly #limits: PayloadLimits
  readonly #classes: ReadonlyMap<object, RegisteredClass>
  readonly #keyOrder: KeyOrder
  /** Whether the last walk met objects that are neither plain nor arrays. */
  metOthers = false
  #busy = false
  #subject = ''
  /** At least so many bytes will be packed. */
  #bytes = 0
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

  get isBusy(): boolean {
    return this.#busy
  }

  project(value: object, subject: string): unknown {
    // A proxy's trap or a `toPlain` that encodes something itself gets a projector of its own.
    if (this.#busy) return new ValueProjector(this.#limits, this.#classes, this.#keyOrder).project(value, subject)
    this.#busy = true
    this.#subject = subject
    this.metOthers = false
    this.#bytes = 0
    try {
      return this.#object(value, 1)
    } catch (error) {
      if (!(error instanceof NotSerializableError || error instanceof LimitExceededError)) throw error
      this.#track = true
      this.#bytes = 0
      return this.#object(value, 1)
    } finally {
      this.#busy = false
      if (this.#track) this.#stopTracking()
    }
  }

  #value(value: unknown, depth: number): unknown {
    switch (typeof value) {
      case 'string':
        return this.#string(value)
      case 'number':
        if (value === 0 && 1 / value < 0) return NEGATIVE_ZERO
        // One NaN of the many, so that equal values have equal bytes.
        return Number.isNaN(value) ? NaN : value
      case 'object':
        return value === null ? value : this.#object(value, depth)
      case 'function':
      case 'symbol':
        throw this.#refuse(value)
      default:
        return value
    }
  }

  #string(value: string): unknown {
    this.#count(value.length)
    if (isTextKept(value)) return value
    this.#count(value.length)
    return new StandIn([KIND.utf16, Buffer.from(value, 'utf16le')])
  }

  #object(value: object, depth: number): unknown {
    if (this.#track) this.#enter(value, depth)
    if (depth > this.#limits.maxDepth) throw this.#tooDeep()
    const prototype: unknown = Object.getPrototypeOf(value)
    let packable: unknown
    if (prototype === Object.prototype || prototype === null) packable = this.#plain(value as Record<string, unknown>, depth)
    else if (prototype === Array.prototype && Array.isArray(value)) packable = this.#array(value, depth)
    else {
      this.metOthers = true
      packable = this.#special(value, depth)
    }
    if (this.#track) this.#ancestors.pop()
    return packable
  }

  #plain(value: Record<string, unknown>, depth: number): unknown {
    const keys = Object.keys(value)
    if (this.#keyOrder === 'sorted') keys.sort()
    let members: unknown[] | undefined = this.#keyOrder === 'sorted' ? [] : undefined
    let keysKept = true
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string
      if (this.#track) this.#path[depth - 1] = memberPath(key)
      // The only way to learn of a getter without running it, and two fifths of the walk's cost.
      if (Object.getOwnPropertyDescriptor(value, key)?.get !== undefined) throw this.#refuseAccessor()
      this.#count(key.length + 1)
      keysKept &&= isKeyKept(key)
      const member = value[key]
      const packable = this.#value(member, depth + 1)
      if (members === undefined && packable !== member) members = keys.slice(0, i).map((name) => value[name])
      members?.push(packable)
    }
    if (this.#track) this.#path.length = depth - 1
    if (!keysKept) return this.#oddKeys(keys, members ?? keys.map((name) => value[name]))
    // msgpackr goes by "constructor", which objects without prototype and of other realms do not have.
    if (members === undefined && value.constructor === Object) return value
    members ??= keys.map((name) => value[name])
    const copy: Record<string, unknown> = {}
    for (let i = 0; i < keys.length; i++) copy[keys[i] as string] = members[i]
    return copy
  }

  #oddKeys(keys: readonly string[], members: readonly unknown[]): StandIn {
    const parts: unknown[] = [KIND.object]
    for (let i = 0; i < keys.length; i++) parts.push(this.#string(keys[i] as string), members[i])
    return new StandIn(parts)
  }

  #array(value: readonly unknown[], depth: number): unknown {
    let items: unknown[] | undefined
    for (let i = 0; i < value.length; i++) {
      const item = value[i]
      if (item === undefined && !Object.hasOwn(value, i)) return this.#sparse(value, items ?? value.slice(0, i), depth)
      this.#count(1)
      if (this.#track) this.#path[depth - 1] = `[${i}]`
      const packable = this.#value(item, depth + 1)
      if (items === undefined && packable !== item) items = Array.prototype.slice.call(value, 0, i)
      items?.push(packable)
    }
    if (this.#track) this.#path.length = depth - 1
    return items ?? (value.constructor === Array ? value : Array.from(value))
  }

  /** @param before packable items before the first hole: walked once, or nested holes would double the work at each level */
  #sparse(value: readonly unknown[], before: readonly unknown[], depth: number): StandIn {
    const parts: unknown[] = [KIND.sparse, value.length]
    for (let i = 0; i < before.length; i++) parts.push(i, before[i])
    for (const key of Object.keys(value)) {
      const index = Number(key) >>> 0
      if (String(index) !== key || index < before.length || index >= value.length) continue
      this.#count(2)
      if (this.#track) this.#path[depth - 1] = `[${index}]`
      parts.push(index, this.#value(value[index], depth + 1))
    }
    if (this.#track) this.#path.length = depth - 1
    return new StandIn(parts)
  }

  #special(value: object, depth: number): unknown {
    const prototype: unknown = Object.getPrototypeOf(value)
    const registered = this.#classes.get(prototype as object)
    if (registered !== undefined) return this.#standIn(KIND.instance, [registered.name, registered.toPlain(value)], depth, () => '')
    if (prototype === Date.prototype) return new StandIn([KIND.date, (value as Date).getTime()])
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return this.#binary(value)
    if (isDataObject(value)) return this.#plain(value as Record<string, unknown>, depth)
    if (prototype === Map.prototype) {
      const flat: unknown[] = []
      for (const [key, member] of value as Map<unknown, unknown>) flat.push(key, member)
      return this.#standIn(KIND.map, flat, depth, (i) => (i % 2 === 0 ? `.keys()[${i >> 1}]` : `.values()[${i >> 1}]`))
    }
    if (prototype === Set.prototype) return this.#standIn(KIND.set, [...(value as Set<unknown>)], depth, (i) => `.values()[${i}]`)
    if (prototype === RegExp.prototype) {
      const { source, flags, lastIndex } = value as RegExp
      return this.#standIn(KIND.regExp, [source, flags, lastIndex], depth, () => '')
    }
    if (value instanceof Error) return this.#error(value, depth)
    if (prototype === URL.prototype) return this.#standIn(KIND.url, [(value as URL).href], depth, () => '')
    throw this.#refuse(value)
  }

  #error(error: Error, depth: number): StandIn {
    const own: Record<string, unknown> = {}
    for (const key of Object.keys(error)) {
      if (this.#track) this.#path[depth - 1] = memberPath(key)
      const descriptor = Object.getOwnPropertyDescriptor(error, key)
      if (descriptor?.get !== undefined) throw this.#refuseAccessor()
      if (key !== 'name' && key !== 'message' && key !== 'stack' && key !== 'cause')
        Object.defineProperty(own, key, { ...descriptor, configurable: true })
    }
    const parts: unknown[] = [String(error.name), String(error.message), own]
    if (Object.hasOwn(error, 'cause')) parts.push(error.cause)
    return this.#standIn(KIND.error, parts, depth, (i) => (i === 3 ? '.cause' : ''))
  }

  #standIn(kind: number, items: readonly unknown[], depth: number, path: (i: number) => string): StandIn {
    this.#count(items.length)
    const parts: unknown[] = [kind]
    for (let i = 0; i < items.length; i++) {
      if (this.#track) this.#path[depth - 1] = path(i)
      parts.push(this.#value(items[i], depth + 1))
    }
    if (this.#track) this.#path.length = depth - 1
    return new StandIn(parts)
  }

  #binary(value: ArrayBuffer | ArrayBufferView): unknown {
    const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    this.#count(bytes.length)
    if (value instanceof Uint8Array) return value.constructor === Uint8Array ? value : bytes
    const kind = BINARY_CLASSES.findIndex((type) => Object.getPrototypeOf(value) === type.prototype)
    if (kind < 0) throw this.#refuse(value)
    return new StandIn([KIND.binary, kind, bytes])
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

  #count(bytes: number): void {
    if ((this.#bytes += bytes) > this.#limits.maxBytes) throw payloadTooLong(this.#subject, this.#bytes, this.#limits)
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

export function payloadTooLong(subject: string, bytes: number, limits: PayloadLimits): LimitExceededError {
  return new LimitExceededError(
    'maxBytes',
    subject,
    bytes,
    limits.maxBytes,
    'Keep large data elsewhere and pass a reference to it, or raise the limit: createCodec({ maxBytes }).',
  )
}

/** Whether UTF-8 holds it and reading leaves it alone: a long text without its byte order mark is what msgpackr reads where its native part is missing. */
function isTextKept(text: string): boolean {
  return (text as unknown as MaybeWellFormed).isWellFormed() && text.charCodeAt(0) !== 0xfeff
}

/** msgpackr renames `__proto__` and takes an object for what its `constructor` is. */
function isKeyKept(key: string): boolean {
  return key !== '__proto__' && key !== 'constructor' && isTextKept(key)
}

/** How a property is written in code: `.name`, or `["odd name"]`. */
function memberPath(key: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}
