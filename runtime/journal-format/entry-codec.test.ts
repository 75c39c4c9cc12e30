import { expect, test } from 'vitest'
import { createCodec } from '../codec/msgpack-codec.ts'
import { CorruptJournalError } from '../contracts/errors.ts'
import { everyKindOfEntry } from '../testing/journal-store/every-kind-of-entry.ts'
import { decodeEntries, encodeEntries } from './entry-codec.ts'
import { KIND_NUMBERS } from './entry-tuple.ts'

const codec = createCodec()
const raw = (value: unknown): Uint8Array => {
  const payload = codec.encode(value, 'raw')
  return payload instanceof Uint8Array ? payload : expect.fail('expected bytes')
}

test('every kind comes back, alone and together', () => {
  const entries = everyKindOfEntry(1_900_000_000_000)
  expect(new Set(entries.map(({ kind }) => kind)).size).toBe(Object.keys(KIND_NUMBERS).length)
  expect(decodeEntries(encodeEntries(entries), 'test')).toStrictEqual(entries)
  for (const entry of entries) expect(decodeEntries(encodeEntries(entry), 'test')).toStrictEqual([entry])
})

test('kind numbers are distinct', () => {
  expect(new Set(Object.values(KIND_NUMBERS)).size).toBe(Object.keys(KIND_NUMBERS).length)
})

test.each<[string, Uint8Array, RegExp]>([
  ['an unknown kind', raw([1, [99, 0, 'x']]), /row 7: entry kind 99 is unknown/],
  ['a newer format', raw([2, [1, 0, 1, null]]), /journal format 2/],
  ['no list', raw({}), /no entries/],
  ['an entry that is no list', raw([1, 5]), /no fields/],
  ['an error that is no list', raw([1, [19, 0, 'oops']]), /no fields/],
  ['nothing', new Uint8Array(0), /could not be decoded/],
  ['half of it', encodeEntries(everyKindOfEntry(1)).slice(0, 100), /could not be decoded/],
])('%s is corrupt', (_, bytes, message) => {
  expect(() => decodeEntries(bytes, 'row 7')).toThrow(CorruptJournalError)
  expect(() => decodeEntries(bytes, 'row 7')).toThrow(message)
})
