import { CorruptJournalError } from '../contracts/errors.ts'
import type { InstanceStatus } from '../contracts/journal-store.ts'

/**
 * One row of the log: records one after another, each a head of fixed fields that the database thread reads without
 * decoding any entry, then the entries' bytes.
 *
 *     start   kind 1, length, session, at, bytes of process, bytes of id, process, id, entries
 *     append  kind 2, length, instance, epoch, run, seq, count, status, at, inbox, entries
 *
 * Numbers are little-endian; process and id are UTF-16LE, which holds any string.
 */
export const START = 1
export const APPEND = 2

/** By their number in stored bytes; 0 means unchanged. Append only. */
export const STATUSES: readonly (InstanceStatus | undefined)[] = [
  undefined,
  'running',
  'parked',
  'compensating',
  'stuck',
  'completed',
  'failed',
  'cancelled',
]

/** The stored number of a status. */
export function statusNumber(status: InstanceStatus | undefined): number {
  return STATUSES.indexOf(status)
}

/** Finished statuses have the highest numbers. */
export const FIRST_FINISHED = 5

const START_HEAD = 1 + 4 + 8 + 8 + 2 + 2
const APPEND_HEAD = 1 + 4 + 8 + 4 + 4 + 4 + 4 + 1 + 8 + 8

export interface StartRecord {
  readonly kind: typeof START
  /** Session that owns the new instance; 0 for none. */
  readonly session: number
  readonly at: number
  readonly process: Uint8Array
  readonly id: Uint8Array
  readonly entries: Uint8Array
}

export interface AppendRecord {
  readonly kind: typeof APPEND
  readonly instance: number
  readonly epoch: number
  readonly run: number
  readonly seq: number
  readonly count: number
  /** Index in `STATUSES`. */
  readonly status: number
  /** Time of the last entry. */
  readonly at: number
  /** Highest inbox position the entries take; 0 for none. */
  readonly inbox: number
  readonly entries: Uint8Array
}

/** A record and where it lies in its row. */
export interface PlacedRecord<Record> {
  readonly record: Record
  readonly from: number
  readonly to: number
}

/** Writes the records of one batch of one session. */
export class LogBuilder {
  #bytes = Buffer.allocUnsafeSlow(16 * 1024)
  #at = 0

  get length(): number {
    return this.#at
  }

  start({ session, at, process, id, entries }: Omit<StartRecord, 'kind'>): void {
    const length = START_HEAD + process.length + id.length + entries.length
    const bytes = this.#room(length)
    let to = this.#head(START, length)
    to = bytes.writeDoubleLE(session, to)
    to = bytes.writeDoubleLE(at, to)
    to = bytes.writeUInt16LE(process.length, to)
    to = bytes.writeUInt16LE(id.length, to)
    bytes.set(process, to)
    bytes.set(id, to + process.length)
    bytes.set(entries, to + process.length + id.length)
    this.#at += length
  }

  append({ instance, epoch, run, seq, count, status, at, inbox, entries }: Omit<AppendRecord, 'kind'>): void {
    const length = APPEND_HEAD + entries.length
    const bytes = this.#room(length)
    let to = this.#head(APPEND, length)
    to = bytes.writeDoubleLE(instance, to)
    to = bytes.writeUInt32LE(epoch, to)
    to = bytes.writeUInt32LE(run, to)
    to = bytes.writeUInt32LE(seq, to)
    to = bytes.writeUInt32LE(count, to)
    to = bytes.writeUInt8(status, to)
    to = bytes.writeDoubleLE(at, to)
    to = bytes.writeDoubleLE(inbox, to)
    bytes.set(entries, to)
    this.#at += length
  }

  /** The records so far. The builder is used up. */
  finish(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#bytes.buffer as ArrayBuffer, this.#bytes.byteOffset, this.#at)
  }

  #head(kind: number, length: number): number {
    this.#bytes[this.#at] = kind
    return this.#bytes.writeUInt32LE(length, this.#at + 1)
  }

  #room(bytes: number): Buffer {
    if (this.#at + bytes > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#at + bytes))
      this.#bytes.copy(larger, 0, 0, this.#at)
      this.#bytes = larger
    }
    return this.#bytes
  }
}

/** The start records of a row, passing over everything else. */
export function* startRecords(row: Uint8Array, place: string): Iterable<PlacedRecord<StartRecord>> {
  const bytes = Buffer.from(row.buffer, row.byteOffset, row.byteLength)
  for (let from = 0; from < bytes.length;) {
    const to = recordEnd(bytes, from, place)
    if (bytes[from] === START) yield { record: readStart(bytes, from, to), from, to }
    from = to
  }
}

/** All records of a row in order. */
export function* logRecords(row: Uint8Array, place: string): Iterable<StartRecord | AppendRecord> {
  const bytes = Buffer.from(row.buffer, row.byteOffset, row.byteLength)
  for (let from = 0; from < bytes.length;) {
    const to = recordEnd(bytes, from, place)
    const kind = bytes[from]
    if (kind === START) yield readStart(bytes, from, to)
    else if (kind === APPEND) yield readAppend(bytes, from, to)
    else throw new CorruptJournalError(place, `record kind ${String(kind)} is unknown to this version of Catga`)
    from = to
  }
}

function recordEnd(bytes: Buffer, from: number, place: string): number {
  const length = from + 5 <= bytes.length ? bytes.readUInt32LE(from + 1) : 0
  if (length < START_HEAD || from + length > bytes.length) throw new CorruptJournalError(place, 'a record does not end in its row')
  return from + length
}

function readStart(bytes: Buffer, from: number, to: number): StartRecord {
  const processFrom = from + START_HEAD
  const idFrom = processFrom + bytes.readUInt16LE(from + 21)
  const entriesFrom = idFrom + bytes.readUInt16LE(from + 23)
  return {
    kind: START,
    session: bytes.readDoubleLE(from + 5),
    at: bytes.readDoubleLE(from + 13),
    process: bytes.subarray(processFrom, idFrom),
    id: bytes.subarray(idFrom, entriesFrom),
    entries: bytes.subarray(entriesFrom, to),
  }
}

function readAppend(bytes: Buffer, from: number, to: number): AppendRecord {
  return {
    kind: APPEND,
    instance: bytes.readDoubleLE(from + 5),
    epoch: bytes.readUInt32LE(from + 13),
    run: bytes.readUInt32LE(from + 17),
    seq: bytes.readUInt32LE(from + 21),
    count: bytes.readUInt32LE(from + 25),
    status: bytes[from + 29] as number,
    at: bytes.readDoubleLE(from + 30),
    inbox: bytes.readDoubleLE(from + 38),
    entries: bytes.subarray(from + APPEND_HEAD, to),
  }
}
