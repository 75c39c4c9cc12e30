import { BINARY_CLASSES, KIND } from './payload-format.ts'
import type { RegisteredClass } from './payload-format.ts'

/** Stands in a packed value for one that msgpackr does not bring back as it was. */
export class StandIn {
  /** A `KIND`, then what the value is made of. */
  readonly parts: readonly unknown[]

  constructor(parts: readonly unknown[]) {
    this.parts = parts
  }
}

/** Finds registered classes by name. */
export type ClassLookup = Pick<ReadonlyMap<string, RegisteredClass>, 'get'>

/** Errors that come back as their own class; every other error comes back as `Error` with its name. */
const BUILT_IN_ERRORS: ReadonlyMap<string, new (message?: string) => Error> = new Map<string, new (message?: string) => Error>([
  ['EvalError', EvalError],
  ['RangeError', RangeError],
  ['ReferenceError', ReferenceError],
  ['SyntaxError', SyntaxError],
  ['TypeError', TypeError],
  ['URIError', URIError],
])

/**
 * Builds the value a stand-in stood for. Trusts nothing about the parts: bytes from elsewhere may claim anything.
 * @throws Error the parts do not make a value of their kind
 */
export function rebuild(content: unknown, classes: ClassLookup): unknown {
  if (!Array.isArray(content)) throw new TypeError('a stand-in holds no list')
  const parts: readonly unknown[] = content
  switch (parts[0]) {
    case KIND.negativeZero:
      return -0
    case KIND.utf16:
      return Buffer.from(asBytes(parts[1])).toString('utf16le')
    case KIND.date:
      return new Date(asNumber(parts[1]))
    case KIND.binary:
      return rebuildBinary(asNumber(parts[1]), asBytes(parts[2]))
    case KIND.map: {
      const map = new Map<unknown, unknown>()
      for (let i = 1; i < parts.length; i += 2) map.set(parts[i], parts[i + 1])
      return map
    }
    case KIND.set:
      return new Set(parts.slice(1))
    case KIND.regExp: {
      const expression = new RegExp(asString(parts[1]), asString(parts[2]))
      expression.lastIndex = asNumber(parts[3])
      return expression
    }
    case KIND.error:
      return rebuildError(parts)
    case KIND.url:
      return new URL(asString(parts[1]))
    case KIND.sparse:
      return rebuildSparse(parts)
    case KIND.instance:
      return rebuildInstance(asString(parts[1]), parts[2], classes)
    case KIND.object: {
      const object: Record<string, unknown> = {}
      for (let i = 1; i < parts.length; i += 2) define(object, asString(parts[i]), parts[i + 1])
      return object
    }
    default:
      throw new TypeError(`it holds a value of kind ${String(parts[0])}, which is unknown`)
  }
}

function rebuildBinary(index: number, bytes: Uint8Array): unknown {
  const type = BINARY_CLASSES[index]
  if (type === undefined) throw new TypeError('it holds binary data of an unknown kind')
  // msgpackr made these bytes for this value alone: their memory is its memory.
  const { buffer } = bytes
  return type === ArrayBuffer ? buffer : new (type as typeof DataView)(buffer)
}

function rebuildError(parts: readonly unknown[]): Error {
  const name = asString(parts[1])
  const message = asString(parts[2])
  const own = parts[3]
  if (typeof own !== 'object' || own === null) throw new TypeError('an error has no properties')
  const errorClass = BUILT_IN_ERRORS.get(name) ?? Error
  const error = new errorClass(message)
  if (error.name !== name) define(error, 'name', name, false)
  if (parts.length > 4) define(error, 'cause', parts[4], false)
  for (const [key, value] of Object.entries(own)) define(error, key, value)
  // The stack of the place that decodes helps nobody.
  define(error, 'stack', `${name}: ${message}`, false)
  return error
}

/** A huge declared length costs nothing: the holes of a sparse array take no memory. */
function rebuildSparse(parts: readonly unknown[]): unknown[] {
  const length = asNumber(parts[1])
  if (length >>> 0 !== length) throw new TypeError('a sparse array has no length')
  const array: unknown[] = []
  array.length = length
  for (let i = 2; i < parts.length; i += 2) {
    const index = asNumber(parts[i])
    if (index >>> 0 !== index || index >= length) throw new TypeError('a sparse array has an index out of range')
    array[index] = parts[i + 1]
  }
  return array
}

function rebuildInstance(name: string, plain: unknown, classes: ClassLookup): object {
  const registered = classes.get(name)
  if (registered === undefined)
    throw new TypeError(`it holds an instance of class ${JSON.stringify(name)}, which is not registered: createCodec({ classes })`)
  return registered.fromPlain(plain as never)
}

function asString(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('a stand-in lacks a text')
  return value
}

function asNumber(value: unknown): number {
  if (typeof value !== 'number') throw new TypeError('a stand-in lacks a number')
  return value
}

function asBytes(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError('a stand-in lacks bytes')
  return value
}

/** Assignment that also works for `__proto__`. */
function define(target: object, key: string, value: unknown, enumerable = true): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable, configurable: true })
}
