/**
 * Randomness and time that replay to the same values.
 */
import { createHash } from 'node:crypto'

/**
 * Randomness that is a function of where it is drawn: process, id, run, scope and how many draws came before it there.
 * sfc32 (Chris Doty-Humphrey's small fast counting generator) seeded with SHA-256 of the place.
 */
export class DerivedRandom {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(place: string) {
    const seed = createHash('sha256').update(place, 'utf16le').digest()
    this.#a = seed.readInt32LE(0)
    this.#b = seed.readInt32LE(4)
    this.#c = seed.readInt32LE(8)
    for (let i = 0; i < 12; i++) this.uint32()
  }

  uint32(): number {
    const result = (this.#a + this.#b + this.#counter++) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0
    return result >>> 0
  }

  /** In [0, 1) with 53 random bits, as `Math.random`. */
  float(): number {
    return ((this.uint32() >>> 5) * 67_108_864 + (this.uint32() >>> 6)) / 9_007_199_254_740_992
  }

  fillBytes(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i += 4) {
      const word = this.uint32()
      for (let j = i; j < Math.min(i + 4, bytes.length); j++) bytes[j] = word >>> ((j - i) * 8)
    }
  }

  /** An RFC 9562 version 4 UUID. */
  uuid(): string {
    const bytes = new Uint8Array(16)
    this.fillBytes(bytes)
    bytes[6] = (bytes[6]! & 0x0f) | 0x40
    bytes[8] = (bytes[8]! & 0x3f) | 0x80
    const hex = Buffer.from(bytes.buffer).toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }
}

interface TemporalLike {
  readonly Instant: { fromEpochMilliseconds(ms: number): { toZonedDateTimeISO(zone: unknown): Record<string, () => unknown> } }
  readonly Now: { timeZoneId(): string }
}

/** `Temporal.Now.<method>` at a given time, where the platform has Temporal. */
export function temporalAt(ms: number, method: string, args: readonly unknown[]): unknown {
  const { Temporal } = globalThis as { Temporal?: TemporalLike }
  if (Temporal === undefined) throw new ReferenceError('Temporal is not defined')
  if (method === 'timeZoneId') return Temporal.Now.timeZoneId()
  const instant = Temporal.Instant.fromEpochMilliseconds(ms)
  if (method === 'instant') return instant
  const zoned = instant.toZonedDateTimeISO(args[0] ?? Temporal.Now.timeZoneId())
  const convert = { plainDateTimeISO: 'toPlainDateTime', plainDateISO: 'toPlainDate', plainTimeISO: 'toPlainTime' }[method]
  return convert === undefined ? zoned : zoned[convert]!()
}
