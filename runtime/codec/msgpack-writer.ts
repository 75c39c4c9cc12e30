import { EXT_BIGINT, EXT_DATE, EXT_UNDEFINED, EXT_UTF16 } from './payload-format.ts'

/** Payloads share slabs of this size, so that a small one costs no allocation of its own. */
const SLAB_BYTES = 32 * 1024

/** A slab grown larger than this for one payload is not kept for the next. */
const LARGEST_KEPT_SLAB = 1024 * 1024

/** Longest string that is written character by character; longer ones are faster through the platform's encoder. */
const SHORT_STRING = 48

interface MaybeWellFormed {
  isWellFormed(): boolean
}

/**
 * Writes MessagePack, one payload after the other.
 *
 * Invariants
 * 1. Bytes handed out are never written again: each payload has its own stretch of a slab, or a copy.
 * 2. What `begin` finds unfinished is overwritten.
 */
export class MsgpackWriter {
  readonly #maxBytes: number
  readonly #tooLong: (bytes: number) => Error
  #slab: Buffer = Buffer.allocUnsafeSlow(SLAB_BYTES)
  #view: DataView = new DataView(this.#slab.buffer)
  #start = 0
  #at = 0

  /** @param tooLong makes the error for a payload over `maxBytes` */
  constructor(maxBytes: number, tooLong: (bytes: number) => Error) {
    this.#maxBytes = maxBytes
    this.#tooLong = tooLong
  }

  /** How many bytes the payload has so far. */
  get length(): number {
    return this.#at - this.#start
  }

  begin(version: number): void {
    this.#at = this.#start
    this.byte(version)
  }

  finish(): Uint8Array {
    const bytes = this.#at - this.#start
    if (bytes > this.#maxBytes) throw this.#tooLong(bytes)
    if (this.#slab.length > SLAB_BYTES) {
      const copy = new Uint8Array(this.#slab.subarray(this.#start, this.#at))
      if (this.#slab.length > LARGEST_KEPT_SLAB) this.#use(Buffer.allocUnsafeSlow(SLAB_BYTES))
      this.#start = 0
      return copy
    }
    const payload = new Uint8Array(this.#slab.buffer, this.#start, bytes)
    this.#start = this.#at
    return payload
  }

  /** Forgets everything after the first `length` bytes. */
  rewind(length: number): void {
    this.#at = this.#start + length
  }

  /** A value that is one byte: `nil`, `false`, `true`. */
  byte(byte: number): void {
    this.#room(1)
    this.#slab[this.#at++] = byte
  }

  undefined(): void {
    this.#room(3)
    this.#slab[this.#at++] = 0xd4
    this.#slab[this.#at++] = EXT_UNDEFINED
    this.#slab[this.#at++] = 0
  }

  binary(bytes: Uint8Array): void {
    if (bytes.length > this.#maxBytes) throw this.#tooLong(bytes.length)
    this.#room(5 + bytes.length)
    this.#slab[this.#at++] = 0xc6
    this.#view.setUint32(this.#at, bytes.length)
    this.#at += 4
    this.#slab.set(bytes, this.#at)
    this.#at += bytes.length
  }

  arrayHeader(items: number): void {
    this.#header(items, 0x90, 0xdc)
  }

  mapHeader(entries: number): void {
    this.#header(entries, 0x80, 0xde)
  }

  number(value: number): void {
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

  bigint(value: bigint): void {
    if (BigInt.asIntN(64, value) === value) {
      this.#room(9)
      this.#slab[this.#at++] = 0xd3
      this.#view.setBigInt64(this.#at, value)
      this.#at += 8
      return
    }
    const hex = (value < 0n ? -value : value).toString(16)
    const magnitude = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
    this.extension(EXT_BIGINT, () => this.raw(value < 0n ? 1 : 0, magnitude))
  }

  string(value: string): void {
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
    if (length > this.#maxBytes) throw this.#tooLong(length)
    if (!(value as unknown as MaybeWellFormed).isWellFormed()) {
      const units = Buffer.from(value, 'utf16le')
      return this.extension(EXT_UTF16, () => this.raw(undefined, units))
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

  date(value: Date): void {
    this.#room(11)
    this.#slab[this.#at++] = 0xc7
    this.#slab[this.#at++] = 8
    this.#slab[this.#at++] = EXT_DATE
    this.#view.setFloat64(this.#at, value.getTime())
    this.#at += 8
  }

  /** Writes an extension whose length is known only afterwards. */
  extension(type: number, data: () => void): void {
    this.#room(6)
    const offset = this.#at - this.#start
    this.#at += 6
    data()
    const header = this.#start + offset
    this.#slab[header] = 0xc9
    this.#view.setUint32(header + 1, this.#at - header - 6)
    this.#slab[header + 5] = type
  }

  /** Bytes of an extension, after a first one if there is one. */
  raw(first: number | undefined, bytes: Uint8Array): void {
    if (bytes.length > this.#maxBytes) throw this.#tooLong(bytes.length)
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
    if (used > this.#maxBytes) throw this.#tooLong(used)
    const slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, 2 * used + bytes))
    this.#slab.copy(slab, 0, this.#start, this.#at)
    this.#use(slab)
    this.#start = 0
    this.#at = used
  }

  #use(slab: Buffer): void {
    this.#slab = slab
    this.#view = new DataView(slab.buffer)
  }
}
