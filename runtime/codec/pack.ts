/**
 * msgpackr as payloads use it: no records, so that each payload stands for itself, and stand-ins for what it does not bring back.
 */
import { addExtension, Packr, RESERVE_START_SPACE, REUSE_BUFFER_MODE } from 'msgpackr'
import { EXT_STAND_IN, PAYLOAD_VERSION } from './payload-format.ts'
import { rebuild, StandIn } from './stand-in.ts'
import type { ClassLookup } from './stand-in.ts'

/** Small payloads share slabs of this size: one of its own would cost more than packing it. */
const SLAB_BYTES = 32 * 1024
/** Payloads up to this size are unpacked from one place that is used again. */
const SCRATCH_BYTES = 64 * 1024

const packr = new Packr({
  useRecords: false,
  // Without it an object of more than 65,535 keys is refused, and every small one is larger.
  variableMapSize: true,
  useBigIntExtension: true,
  copyBuffers: true,
})
// Data named `toJSON` is data.
Object.assign(packr, { useToJSON: false })

/** Classes of the payload that is being unpacked; msgpackr's registry has no place for them. */
let classes: ClassLookup = new Map<never, never>()

addExtension({
  Class: StandIn,
  type: EXT_STAND_IN,
  write: (standIn: StandIn) => standIn.parts,
  read: (parts: unknown) => rebuild(parts, classes),
})

/** What `pack` answers in this mode: its slab, with the bounds of what it has just written; it writes on behind them. */
interface Slab extends Buffer {
  readonly start: number
  readonly end: number
}
interface Latin1Sliceable {
  latin1Slice(start: number, end: number): string
}

/** One byte is reserved for the version. */
const PACK_MODE = REUSE_BUFFER_MODE | RESERVE_START_SPACE | 1

packr.useBuffer(Buffer.allocUnsafeSlow(SLAB_BYTES))

let packing = false

/** @param packable what `ValueProjector` made */
export function pack(packable: unknown): Uint8Array {
  // A proxy's trap may encode something while msgpackr reads it: msgpackr sees to that, and its slab is not ours to change then.
  const nested = packing
  packing = true
  let slab: Slab
  try {
    slab = packr.pack(packable, PACK_MODE) as Slab
  } finally {
    packing = nested
  }
  const { start, end } = slab
  slab[start] = PAYLOAD_VERSION
  const payload = new Uint8Array(slab.buffer, slab.byteOffset + start, end - start)
  if (slab.length <= SLAB_BYTES) return payload
  // The slab grew for this one: the small ones to come must not keep all of it alive.
  if (!nested) packr.useBuffer(Buffer.allocUnsafeSlow(SLAB_BYTES))
  return new Uint8Array(payload)
}

const range = { start: 1, end: 0 }
/** msgpackr makes a view of what it reads and leaves it there as a property: not on payloads, and not anew each time. */
const scratch = readable(SCRATCH_BYTES)
let scratchTaken = false

/** Copies of a `Buffer`'s bytes would be Buffers; but msgpackr reads text the fast way only where it finds this method. */
function readable(length: number): Uint8Array {
  return Object.assign(new Uint8Array(length), { latin1Slice: (Buffer.prototype as unknown as Latin1Sliceable).latin1Slice })
}

/** @param payload bytes that `pack` made, or that `checkStructure` has let pass */
export function unpack(payload: Uint8Array, lookup: ClassLookup): unknown {
  const { length } = payload
  const outer = classes
  classes = lookup
  try {
    // A `fromPlain` that decodes something itself finds the place taken.
    if (scratchTaken || length > SCRATCH_BYTES) return unpackFrom(readable(length), payload, { start: 1, end: length })
    scratchTaken = true
    try {
      range.end = length
      return unpackFrom(scratch, payload, range)
    } finally {
      scratchTaken = false
    }
  } finally {
    classes = outer
  }
}

function unpackFrom(place: Uint8Array, payload: Uint8Array, bounds: { readonly start: number; readonly end: number }): unknown {
  place.set(payload)
  return packr.unpack(place, bounds)
}
