/**
 * The bytes of a payload: one version byte, then one MessagePack value.
 *
 * Numbers are MessagePack integers or 64-bit floats, `int 64` is a bigint, `bin` a `Uint8Array`, a map a plain object.
 * Everything MessagePack has no word for is an extension of the types below; their data is again MessagePack where a
 * value nests. Any MessagePack reader can thus skip through a payload. The reader refuses every other byte.
 */
export const PAYLOAD_VERSION = 1

/** `undefined`; data: one zero byte. */
export const EXT_UNDEFINED = 0
/** A bigint outside 64 bits; data: a sign byte (0 or 1), then the magnitude, most significant byte first. */
export const EXT_BIGINT = 1
/** A string with lone surrogates, which UTF-8 cannot hold; data: UTF-16, low byte first. */
export const EXT_UTF16 = 2
/** `Date`; data: a 64-bit float of milliseconds, NaN when invalid. */
export const EXT_DATE = 3
/** `ArrayBuffer`, `DataView`, typed array; data: index in `BINARY_KINDS`, then the bytes. */
export const EXT_BINARY = 4
/** `Map`; data: an array of keys and values in turn. */
export const EXT_MAP = 5
/** `Set`; data: an array. */
export const EXT_SET = 6
/** `RegExp`; data: an array of source, flags and `lastIndex`. */
export const EXT_REGEXP = 7
/** `Error`; data: an array of name, message, an object of own enumerable properties and, if there is one, the cause. */
export const EXT_ERROR = 8
/** `URL`; data: the text. */
export const EXT_URL = 9
/** An array with holes; data: an array of the length, then indices and values in turn. */
export const EXT_SPARSE = 10
/** An instance of a registered class; data: an array of the registered name and the plain value. */
export const EXT_CLASS = 11

export type BinaryClass =
  | typeof ArrayBuffer
  | typeof DataView
  | typeof Int8Array
  | typeof Uint8ClampedArray
  | typeof Int16Array
  | typeof Uint16Array
  | typeof Int32Array
  | typeof Uint32Array
  | typeof Float32Array
  | typeof Float64Array
  | typeof BigInt64Array
  | typeof BigUint64Array

/** By their place in this list, which is part of the format: append only. `Uint8Array` has MessagePack's own `bin`. */
export const BINARY_KINDS: readonly BinaryClass[] = [
  ArrayBuffer,
  DataView,
  Int8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
]

/** Errors that come back as their own class; every other error comes back as `Error` with its name. */
export const BUILT_IN_ERRORS: ReadonlyMap<string, new (message?: string) => Error> = new Map<string, new (message?: string) => Error>([
  ['EvalError', EvalError],
  ['RangeError', RangeError],
  ['ReferenceError', ReferenceError],
  ['SyntaxError', SyntaxError],
  ['TypeError', TypeError],
  ['URIError', URIError],
])

/** A class whose instances cross the codec: `toPlain` gives a value the codec takes, `fromPlain` builds it again. */
export interface RegisteredClass<Instance extends object = object> {
  /** Stands for the class in the journal; never change or reuse it. */
  readonly name: string
  readonly class: abstract new (...args: never[]) => Instance
  toPlain(instance: Instance): unknown
  fromPlain(plain: never): Instance
}
