import { PayloadPacker } from '../codec/payload-packer.ts'
import { CatgaError, CorruptJournalError } from '../contracts/errors.ts'
import { JOURNAL_FORMAT } from '../contracts/journal-entry.ts'
import type { JournalEntry } from '../contracts/journal-entry.ts'
import { fromTuple, toTuple } from './entry-tuple.ts'

/** Payloads were limited when they were made; entries add a cause chain of bounded depth around them. */
const LIMITS = { maxBytes: 2 ** 31 - 1, maxDepth: 1000 }
const NO_CLASSES = new Map<never, never>()
const packer = new PayloadPacker(LIMITS, NO_CLASSES)

/** Entries as bytes that stand for themselves: the journal format's version, then the entries. For every adapter that stores bytes. */
export function encodeEntries(entries: JournalEntry | readonly JournalEntry[]): Uint8Array {
  const list: unknown[] = [JOURNAL_FORMAT]
  if (isList(entries)) for (const entry of entries) list.push(toTuple(entry))
  else list.push(toTuple(entries))
  return packer.pack(list, 'journal entries')
}

/**
 * The entries that `encodeEntries` made these bytes from.
 * @param place where the bytes are kept, for messages: `orders.db, table chunk, row 7`
 * @throws CorruptJournalError anything else
 */
export function decodeEntries(bytes: Uint8Array, place: string): JournalEntry[] {
  let list: unknown
  try {
    list = packer.unpack(bytes, place, NO_CLASSES)
  } catch (cause) {
    throw new CorruptJournalError(place, cause instanceof CatgaError ? cause.message : 'not readable', { cause })
  }
  if (!Array.isArray(list)) throw new CorruptJournalError(place, 'it holds no entries')
  const format: unknown = list[0]
  if (format !== JOURNAL_FORMAT)
    throw new CorruptJournalError(place, `it has journal format ${String(format)}, this version of Catga reads ${JOURNAL_FORMAT}`)
  const entries: JournalEntry[] = []
  for (let i = 1; i < list.length; i++) entries.push(fromTuple(list[i], place))
  return entries
}

/** `Array.isArray` does not narrow readonly arrays. */
function isList(entries: JournalEntry | readonly JournalEntry[]): entries is readonly JournalEntry[] {
  return Array.isArray(entries)
}
