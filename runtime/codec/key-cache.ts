/**
 * Property names repeat, so the strings made from their bytes are kept: a name read again costs a comparison of bytes
 * and gives the very string objects were built with before, which makes setting the property cheap too.
 *
 * Fixed in size: a name that falls on a taken slot replaces what was there.
 */
const SLOTS = 1024

interface CachedKey {
  readonly bytes: Uint8Array
  readonly text: string
}

const slots: (CachedKey | undefined)[] = Array.from({ length: SLOTS }, () => undefined)

/** The UTF-8 text in `bytes` from `start` to `end`. */
export function readKey(bytes: Buffer, start: number, end: number): string {
  const length = end - start
  if (length === 0) return ''
  const first = bytes[start] as number
  const middle = bytes[start + (length >> 1)] as number
  const last = bytes[end - 1] as number
  const slot = (length * 37 + first * 7 + middle * 131 + last * 17) & (SLOTS - 1)
  const cached = slots[slot]
  if (cached !== undefined && cached.bytes.length === length) {
    const known = cached.bytes
    let i = 0
    while (i < length && known[i] === bytes[start + i]) i++
    if (i === length) return cached.text
  }
  const text = bytes.toString('utf8', start, end)
  slots[slot] = { bytes: new Uint8Array(bytes.subarray(start, end)), text }
  return text
}
