import { DecodeError } from '../contracts/errors.ts'
import { checkStructure } from './check-structure.ts'
import { clonePlain } from './clone-plain.ts'
import { pack, unpack } from './pack.ts'
import { PAYLOAD_VERSION } from './payload-format.ts'
import type { PayloadLimits, RegisteredClass } from './payload-format.ts'
import type { ClassLookup } from './stand-in.ts'
import { payloadTooLong, ValueProjector } from './value-projector.ts'
import type { KeyOrder } from './value-projector.ts'

/** Objects to payloads and back, within limits: checked, projected, packed; and the other way checked, unpacked, rebuilt. */
export class PayloadPacker {
  readonly #limits: PayloadLimits
  readonly #projector: ValueProjector

  /** @param classes registered classes by prototype */
  constructor(limits: PayloadLimits, classes: ReadonlyMap<object, RegisteredClass>, keyOrder: KeyOrder = 'kept') {
    this.#limits = limits
    this.#projector = new ValueProjector(limits, classes, keyOrder)
  }

  /** @throws NotSerializableError, LimitExceededError */
  pack(value: object, subject: string): Uint8Array {
    return this.#packProjected(this.#projector.project(value, subject), subject)
  }

  /**
   * `pack`, and what `unpack` would make of it.
   * @param classes registered classes by name
   * @throws NotSerializableError, LimitExceededError
   */
  packAndCopy(value: object, subject: string, classes: ClassLookup): { readonly payload: Uint8Array; readonly copy: unknown } {
    const packable = this.#projector.project(value, subject)
    const payload = this.#packProjected(packable, subject)
    // The walk answers the value itself where nothing in it is odd. A busy projector hands the walk to another, and knows nothing of it.
    const isPlain = packable === value && !this.#projector.metOthers && !this.#projector.isBusy
    return { payload, copy: isPlain ? clonePlain(value) : this.#unpackOwn(payload, subject, classes) }
  }

  #packProjected(packable: unknown, subject: string): Uint8Array {
    const payload = pack(packable)
    if (payload.length > this.#limits.maxBytes) throw payloadTooLong(subject, payload.length, this.#limits)
    return payload
  }

  /**
   * @param classes registered classes by name
   * @throws DecodeError bytes that `pack` did not make
   */
  unpack(payload: Uint8Array, subject: string, classes: ClassLookup): unknown {
    const { length } = payload
    if (length > this.#limits.maxBytes)
      throw new DecodeError(subject, `it has ${length} bytes, the limit "maxBytes" is ${this.#limits.maxBytes}`)
    const format = length === 0 ? 'none' : payload[0]
    if (format !== PAYLOAD_VERSION) throw new DecodeError(subject, `it has format ${format}, this codec reads ${PAYLOAD_VERSION}`)
    try {
      checkStructure(payload, this.#limits.maxDepth)
    } catch (error) {
      throw decodeError(subject, error)
    }
    return this.#unpackOwn(payload, subject, classes)
  }

  /** For what `pack` has just made, or what was checked. */
  #unpackOwn(payload: Uint8Array, subject: string, classes: ClassLookup): unknown {
    try {
      return unpack(payload, classes)
    } catch (error) {
      throw decodeError(subject, error)
    }
  }
}

function decodeError(subject: string, error: unknown): DecodeError {
  return error instanceof DecodeError
    ? error
    : new DecodeError(subject, error instanceof Error ? error.message : String(error), { cause: error })
}
