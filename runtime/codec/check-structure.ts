import { EXT_BIGINT, EXT_STAND_IN, EXT_UNDEFINED } from './payload-format.ts'

/**
 * Checks bytes from elsewhere before msgpackr sees them, which has no limit of depth, knows more extensions than payloads hold,
 * and renames a key `__proto__`.
 *
 * Invariants
 * 1. Nothing is allocated, whatever lengths are declared; every step moves on by at least one byte.
 * 2. Depth is bounded by the limit, so the stack is too, here and in msgpackr.
 *
 * @throws Error what is wrong, and where
 */
export function checkStructure(payload: Uint8Array, maxDepth: number): void {
  const end = skipValue(payload, 1, maxDepth)
  if (end !== payload.length) throw new RangeError(`${payload.length - end} bytes follow its end`)
}

/** Bytes of the values whose first byte alone tells their size: constants, numbers. */
const SIZES: readonly number[] = sizes()

function sizes(): number[] {
  const table = Array.from<number>({ length: 256 }).fill(0)
  table.fill(1, 0x00, 0x80).fill(1, 0xe0)
  for (const token of [0xc0, 0xc2, 0xc3]) table[token] = 1
  for (const token of [0xcc, 0xd0]) table[token] = 2
  for (const token of [0xcd, 0xd1]) table[token] = 3
  for (const token of [0xce, 0xd2]) table[token] = 5
  for (const token of [0xcb, 0xcf, 0xd3]) table[token] = 9
  return table
}

/** Where the value ends that begins at `at`. */
function skipValue(bytes: Uint8Array, at: number, depth: number): number {
  if (at >= bytes.length) throw cutOff(bytes)
  const token = bytes[at] as number
  const size = SIZES[token] as number
  if (size > 0) return within(bytes, at + size)
  if (token < 0x90) return skipMap(bytes, at + 1, token & 0x0f, depth)
  if (token < 0xa0) return skipArray(bytes, at + 1, token & 0x0f, depth)
  if (token < 0xc0) return within(bytes, at + 1 + (token & 0x1f))
  switch (token) {
    case 0xc4:
    case 0xd9:
      return within(bytes, at + 2 + uint8(bytes, at + 1))
    case 0xc5:
    case 0xda:
      return within(bytes, at + 3 + uint16(bytes, at + 1))
    case 0xc6:
    case 0xdb:
      return within(bytes, at + 5 + uint32(bytes, at + 1))
    case 0xdc:
      return skipArray(bytes, at + 3, uint16(bytes, at + 1), depth)
    case 0xdd:
      return skipArray(bytes, at + 5, uint32(bytes, at + 1), depth)
    case 0xde:
      return skipMap(bytes, at + 3, uint16(bytes, at + 1), depth)
    case 0xdf:
      return skipMap(bytes, at + 5, uint32(bytes, at + 1), depth)
    default:
      return skipExtension(bytes, at, token, depth)
  }
}

function skipArray(bytes: Uint8Array, at: number, items: number, depth: number): number {
  if (depth === 0) throw new RangeError('it nests deeper than the limit "maxDepth"')
  for (let i = 0; i < items; i++) at = skipValue(bytes, at, depth - 1)
  return at
}

function skipMap(bytes: Uint8Array, at: number, entries: number, depth: number): number {
  if (depth === 0) throw new RangeError('it nests deeper than the limit "maxDepth"')
  for (let i = 0; i < entries; i++) at = skipValue(bytes, skipKey(bytes, at), depth - 1)
  return at
}

function skipKey(bytes: Uint8Array, at: number): number {
  const token = uint8(bytes, at)
  if ((token < 0xa0 || token > 0xbf) && (token < 0xd9 || token > 0xdb)) throw new TypeError(`the key at byte ${at} is no string`)
  const end = skipValue(bytes, at, 0)
  if (bytes[end - 9] === 0x5f && isProto(bytes, at, end)) throw new TypeError(`the key at byte ${at} is __proto__`)
  return end
}

const PROTO = Buffer.from('__proto__')

function isProto(bytes: Uint8Array, at: number, end: number): boolean {
  const length = end - at
  // Its header has one byte to five, its text nine.
  return length >= 10 && length <= 14 && PROTO.every((byte, i) => bytes[end - 9 + i] === byte)
}

function skipExtension(bytes: Uint8Array, at: number, token: number, depth: number): number {
  if (token === 0xd4 && bytes[at + 2] === 0) {
    if (bytes[at + 1] === EXT_UNDEFINED) return at + 3
    if (bytes[at + 1] === EXT_STAND_IN && isArray(uint8(bytes, at + 3))) return skipValue(bytes, at + 3, depth)
  }
  if (token === 0xd8 && bytes[at + 1] === EXT_BIGINT) return within(bytes, at + 18)
  if (token === 0xc7 && bytes[at + 2] === EXT_BIGINT) return within(bytes, at + 3 + uint8(bytes, at + 1))
  if (token === 0xc8 && bytes[at + 3] === EXT_BIGINT) return within(bytes, at + 4 + uint16(bytes, at + 1))
  if (token === 0xc9 && bytes[at + 5] === EXT_BIGINT) return within(bytes, at + 6 + uint32(bytes, at + 1))
  throw new TypeError(`byte 0x${token.toString(16)} at ${at} starts no value of this format`)
}

function isArray(token: number): boolean {
  return (token >= 0x90 && token < 0xa0) || token === 0xdc || token === 0xdd
}

function within(bytes: Uint8Array, end: number): number {
  if (end > bytes.length) throw cutOff(bytes)
  return end
}

function uint8(bytes: Uint8Array, at: number): number {
  if (at >= bytes.length) throw cutOff(bytes)
  return bytes[at] as number
}

function uint16(bytes: Uint8Array, at: number): number {
  return uint8(bytes, at) * 0x100 + uint8(bytes, at + 1)
}

function uint32(bytes: Uint8Array, at: number): number {
  return uint16(bytes, at) * 0x10000 + uint16(bytes, at + 2)
}

function cutOff(bytes: Uint8Array): Error {
  return new RangeError(`it ends at byte ${bytes.length}, in the middle of a value`)
}
