/**
 * The bytes of a payload: one version byte, then one MessagePack value as msgpackr packs it without records.
 *
 * Numbers are MessagePack integers or 64-bit floats, 64-bit integers are bigints, `bin` a `Uint8Array`, a map a plain object. Beside msgpackr's own extensions
 * for `undefined` and for larger bigints there is one of ours, the stand-in: a list of a kind and what the value is made of.
 */
export const PAYLOAD_VERSION = 1

/** msgpackr's extension for `undefined`; data: one zero byte. */
export const EXT_UNDEFINED = 0
/** msgpackr's extension for a bigint outside 64 bits; data: two's complement, most significant byte first. */
export const EXT_BIGINT = 0x42
/** Announces a stand-in; data: one zero byte, then an array follows. One type for all kinds, because msgpackr's registry is shared by a whole OS process. */
export const EXT_STAND_IN = 0x43

/** What a stand-in stands for: first in its list, then what is named here. Numbers are part of the format. */
export const KIND = {
  /** `-0`: nothing more. */
  negativeZero: 0,
  /** A string UTF-8 cannot hold (lone surrogates), or a decoder would trim (a byte order mark): UTF-16 bytes, low byte first. */
  utf16: 1,
  /** Milliseconds, NaN when invalid. */
  date: 2,
  /** Index in `BINARY_CLASSES`, bytes. */
  binary: 3,
  /** Keys and values in turn. */
  map: 4,
  /** Items. */
  set: 5,
  /** Source, flags, `lastIndex`. */
  regExp: 6,
  /** Name, message, own enumerable properties and, if there is one, the cause. */
  error: 7,
  /** The text. */
  url: 8,
  /** An array with holes: its length, then indices and values in turn. */
  sparse: 9,
  /** A registered class: its name, the plain value. */
  instance: 10,
  /** An object with a key no MessagePack map brings back: keys and values in turn. */
  object: 11,
} as const

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
export const BINARY_CLASSES: readonly BinaryClass[] = [
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

/** A class whose instances cross the codec: `toPlain` gives a value the codec takes, `fromPlain` builds it again. */
export interface RegisteredClass<Instance extends object = object> {
  /** Stands for the class in the journal; never change or reuse it. */
  readonly name: string
  readonly class: abstract new (...args: never[]) => Instance
  toPlain(instance: Instance): unknown
  fromPlain(plain: never): Instance
}

export interface PayloadLimits {
  readonly maxBytes: number
  readonly maxDepth: number
}
