import { CorruptJournalError } from '../contracts/errors.ts'
import type { JournalEntry } from '../contracts/journal-entry.ts'
import { decodeEntries } from '../journal-format/entry-codec.ts'

/** The entries that bodies hold, one body after another. */
export function decodeBodies(bodies: readonly Uint8Array[], place: string): JournalEntry[] {
  const entries: JournalEntry[] = []
  for (const body of bodies) {
    for (const piece of splitPieces(body, place)) {
      for (const entry of decodeEntries(piece, place)) entries.push(entry)
    }
  }
  return entries
}

/** The encoded pieces that a body holds one after another, each with its length before it; see `joinPieces`. */
function splitPieces(body: Uint8Array, place: string): Uint8Array[] {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  const pieces: Uint8Array[] = []
  for (let at = 0; at < body.length;) {
    const from = at + 4
    const to = from <= body.length ? from + view.getUint32(at, true) : Infinity
    if (to > body.length) throw new CorruptJournalError(place, 'a piece does not end in its row')
    pieces.push(body.subarray(from, to))
    at = to
  }
  return pieces
}
