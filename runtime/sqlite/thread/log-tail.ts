import { CorruptJournalError } from '../../contracts/errors.ts'
import { FIRST_FINISHED, START, logRecords, startRecords } from '../log-record.ts'
import type { AppendRecord, StartRecord } from '../log-record.ts'
import { joinPieces, seal, unseal } from './body.ts'
import type { Connection } from './connection.ts'
import type { ProcessNames } from './process-names.ts'

/** An instance's number is its row in the log times this, plus its place among the row's starts: unique for ever, and oldest first. */
export const STARTS_PER_ROW = 4096

/** What the unapplied rows say of one instance, folded together. */
interface Change {
  readonly number: number
  readonly start: StartRecord | undefined
  readonly epoch: number
  readonly run: number
  /** Entries before the first piece. */
  readonly seq: number
  /** Entries after the last piece. */
  entries: number
  status: number
  at: number
  inbox: number
  readonly pieces: { readonly seq: number; readonly count: number; readonly bytes: Uint8Array }[]
}

/**
 * The log, and the tables that follow behind it.
 *
 * Invariants
 * 1. Rows after `state.applied` are in no other table; rows up to it are, completely. Applying is part of one transaction.
 * 2. The newest row is never deleted, so that row numbers, and with them instance numbers, are never used twice.
 * 3. `#starts` holds the ids started by unapplied rows. It knows this connection's rows only: rows of others are applied
 *    as soon as they are noticed.
 */
export class LogTail {
  readonly #connection: Connection
  readonly #names: ProcessNames
  readonly #starts = new Set<string>()
  #rows = 0
  #bytes = 0

  constructor(connection: Connection, names: ProcessNames) {
    this.#connection = connection
    this.#names = names
  }

  /** Whether something waits to be applied, as far as this connection knows. */
  get pending(): boolean {
    return this.#rows > 0
  }

  /** Applying soon keeps takeovers short; applying late merges more entries into one row. */
  get long(): boolean {
    return this.#rows >= 32 || this.#bytes >= 2 * 1024 * 1024
  }

  /** Forgets what a rolled back transaction had added; the next transaction applies what there is. */
  reset(): void {
    this.#starts.clear()
    this.#names.reset()
    this.#rows = 1
  }

  /** Whether an unapplied row of this connection starts an instance under this key. */
  starts(key: string): boolean {
    return this.#starts.has(key)
  }

  /** Writes records as one row. Answers the new instances' numbers. */
  write(records: Uint8Array): number[] {
    const row = Number(this.#connection.sql('insert into log (body) values (?)').run(seal([records])).lastInsertRowid)
    const numbers: number[] = []
    for (const { record } of startRecords(records, this.#place(row))) {
      numbers.push(row * STARTS_PER_ROW + numbers.length)
      this.#starts.add(instanceKey(record.process, record.id))
    }
    this.#rows++
    this.#bytes += records.length
    return numbers
  }

  /** Brings all tables up to the log's end. */
  apply(): void {
    const applied = Number(this.#connection.sql('select applied from state').get()?.['applied'])
    const rows = this.#connection.sql('select id, body from log where id > ? order by id').all(applied)
    this.#starts.clear()
    this.#rows = 0
    this.#bytes = 0
    const last = rows.at(-1)?.['id']
    if (typeof last !== 'number') return
    const changes = new Map<number, Change>()
    for (const { id, body } of rows) this.#fold(Number(id), body, changes)
    for (const change of changes.values()) {
      if (change.start === undefined) this.#update(change)
      else this.#insert(change, change.start)
    }
    this.#connection.sql('update state set applied = ?').run(last)
    this.#connection.sql('delete from log where id < ?').run(last)
  }

  #fold(row: number, body: unknown, changes: Map<number, Change>): void {
    let starts = 0
    for (const record of logRecords(
      unseal(body, () => this.#place(row)),
      this.#place(row),
    )) {
      if (record.kind === START) {
        const number = row * STARTS_PER_ROW + starts++
        const pieces = [{ seq: 0, count: 1, bytes: record.entries }]
        changes.set(number, {
          number,
          start: record,
          epoch: record.session === 0 ? 0 : 1,
          run: 1,
          seq: 0,
          entries: 1,
          status: 1,
          at: record.at,
          inbox: 0,
          pieces,
        })
      } else this.#foldAppend(record, row, changes)
    }
  }

  #foldAppend(record: AppendRecord, row: number, changes: Map<number, Change>): void {
    const { instance: number, epoch, run, seq, count, entries: bytes } = record
    let change = changes.get(number)
    if (change === undefined)
      changes.set(number, (change = { number, start: undefined, epoch, run, seq, entries: seq, status: 0, at: 0, inbox: 0, pieces: [] }))
    // The same append again, after its acknowledgement was lost.
    if (seq < change.entries) return
    if (seq > change.entries || epoch !== change.epoch || run !== change.run) {
      throw new CorruptJournalError(
        this.#place(row),
        `an append to instance ${number} follows entry ${seq} of run ${run}, but the log holds ${change.entries} of run ${change.run}`,
      )
    }
    change.entries += count
    change.at = record.at
    change.inbox = Math.max(change.inbox, record.inbox)
    if (record.status !== 0) change.status = record.status
    change.pieces.push({ seq, count, bytes })
  }

  #insert({ number, epoch, run, entries, status, at, pieces }: Change, { process, id, session, at: createdAt }: StartRecord): void {
    const finished = status >= FIRST_FINISHED
    const owner = session === 0 || finished ? null : session
    this.#connection
      .sql(
        'insert into instance (number, process, id, status, run, epoch, entries, created_at, updated_at, owner, ready_at, takeovers, body) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)',
      )
      .run(
        number,
        this.#names.findOrAdd(process),
        id,
        status,
        run,
        epoch,
        entries,
        createdAt,
        at,
        owner,
        owner === null && !finished ? 0 : null,
        joinPieces(pieces.map(({ bytes }) => bytes)),
      )
  }

  #update(change: Change): void {
    const { number, epoch, run, seq, entries, status, at, inbox } = change
    let { pieces } = change
    const write = this.#connection.sql(
      `update instance set entries = ?1, status = case when ?2 = 0 then status else ?2 end, updated_at = ?3, takeovers = 0,
       owner = case when ?2 >= ${FIRST_FINISHED} then null else owner end
       where number = ?4 and epoch = ?5 and run = ?6 and entries = ?7`,
    )
    if (write.run(entries, status, at, number, epoch, run, seq).changes === 0) {
      const there = this.#connection.sql('select entries, epoch, run from instance where number = ?').get(number)
      const known = Number(there?.['entries'])
      // Deleted, run over or fully known: appends made again after their acknowledgement was lost.
      if (there === undefined || Number(there['run']) > run || (known >= entries && Number(there['run']) === run)) return
      if (Number(there['epoch']) !== epoch || known < seq) {
        throw new CorruptJournalError(
          this.#connection.path,
          `instance ${number} has ${known} entries of epoch ${String(there['epoch'])}, the log continues at ${seq} of epoch ${epoch}`,
        )
      }
      pieces = pieces.filter((piece) => piece.seq >= known)
      write.run(entries, status, at, number, epoch, run, known)
    }
    const first = pieces[0]
    if (first !== undefined) {
      this.#connection
        .sql('insert into chunk (instance, run, seq, body) values (?, ?, ?, ?)')
        .run(number, run, first.seq, joinPieces(pieces.map(({ bytes }) => bytes)))
    }
    if (inbox > 0) takeMail(this.#connection, number, run, inbox)
    if (status >= FIRST_FINISHED)
      this.#connection.sql('update inbox set taken_in_run = ? where instance = ? and taken_in_run is null').run(run, number)
  }

  #place(row: number): string {
    return `${this.#connection.path}, table log, row ${row}`
  }
}

/** Marks messages as taken by the journal; they are kept to recognise a second delivery. */
export function takeMail(connection: Connection, instance: number, run: number, position: number): void {
  connection
    .sql('update inbox set taken_in_run = ? where instance = ? and position <= ? and taken_in_run is null')
    .run(run, instance, position)
}

/** Process and id as one key. */
export function instanceKey(process: Uint8Array, id: Uint8Array): string {
  return `${process.length}:${latin1(process)}${latin1(id)}`
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
