import { crc32 } from 'node:zlib'
import { CorruptJournalError } from '../../contracts/errors.ts'

/** Puts a checksum before bytes to be stored: SQLite notices torn pages, not bytes that changed in place. */
export function seal(parts: readonly Uint8Array[]): Uint8Array {
  let length = 4
  for (const part of parts) length += part.length
  const body = Buffer.allocUnsafeSlow(length)
  let at = 4
  for (const part of parts) {
    body.set(part, at)
    at += part.length
  }
  body.writeUInt32LE(crc32(body.subarray(4)), 0)
  return body
}

/**
 * The bytes that were sealed.
 * @throws CorruptJournalError the checksum does not fit
 */
export function unseal(body: unknown, place: () => string): Uint8Array {
  if (!(body instanceof Uint8Array) || body.length < 4) throw new CorruptJournalError(place(), 'it holds no bytes')
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  if (bytes.readUInt32LE(0) !== crc32(bytes.subarray(4))) throw new CorruptJournalError(place(), 'its checksum does not fit')
  return bytes.subarray(4)
}

/** Several encoded pieces as one: each with its length before it. */
export function joinPieces(pieces: readonly Uint8Array[]): Uint8Array {
  let length = 4
  for (const piece of pieces) length += 4 + piece.length
  const body = Buffer.allocUnsafe(length)
  let at = 4
  for (const piece of pieces) {
    at = body.writeUInt32LE(piece.length, at)
    body.set(piece, at)
    at += piece.length
  }
  body.writeUInt32LE(crc32(body.subarray(4)), 0)
  return body
}
