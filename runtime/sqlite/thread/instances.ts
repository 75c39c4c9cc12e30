import type { Bodies, ClaimedRow, Input, Output, StoredRef, SummaryRow } from '../protocol.ts'
import { FIRST_FINISHED } from '../log-record.ts'
import { joinPieces, unseal } from './body.ts'
import type { Connection } from './connection.ts'
import type { SqlRow } from './driver.ts'
import { takeMail } from './log-tail.ts'
import type { ProcessNames } from './process-names.ts'

/** `stuck` in `STATUSES`. */
const STUCK = 4
/** `parked` in `STATUSES`. */
const PARKED = 2

const SUMMARY = `instance.number, process.name, instance.id, status, run, epoch, entries, created_at, updated_at, wake_at, takeovers, session.worker
  from instance join process on process.number = instance.process left join session on session.number = instance.owner`

const HAS_MAIL = 'exists (select 1 from inbox where inbox.instance = instance.number and taken_in_run is null)'
const HAS_WAKING_MAIL = 'exists (select 1 from inbox where inbox.instance = instance.number and taken_in_run is null and wakes_stuck = 1)'

/** When an instance that loses its owner may be claimed. */
const READY_WITHOUT_OWNER = `case when status = ${STUCK} and not ${HAS_WAKING_MAIL} then null else 0 end`

/** The tables of instances and their entries, with every row of the log applied. */
export class Instances {
  readonly #connection: Connection
  readonly #names: ProcessNames

  constructor(connection: Connection, names: ProcessNames) {
    this.#connection = connection
    this.#names = names
  }

  exists({ process, id }: StoredRef): boolean {
    const name = this.#names.find(process)
    return name !== undefined && this.#sql('select 1 from instance where process = ? and id = ?').get(name, id) !== undefined
  }

  find({ process, id }: StoredRef): SqlRow | undefined {
    const name = this.#names.find(process)
    return name === undefined ? undefined : this.#sql(`select ${SUMMARY} where instance.process = ? and instance.id = ?`).get(name, id)
  }

  get(ref: Input<'get'>): Output<'get'> {
    const row = this.find(ref)
    return row === undefined ? undefined : summary(row)
  }

  /** Pieces of which the first holds entry 0 of the current run. */
  first(number: number): Uint8Array {
    const [first] = this.#bodies(number, undefined)
    return first ?? new Uint8Array(0)
  }

  /** The current run's entries. */
  bodies(number: number): Bodies {
    return this.#bodies(number, undefined)
  }

  load({ instance, epoch, session, run }: Input<'load'>): Output<'load'> {
    return this.#owned(instance, epoch, session) ? this.#bodies(instance, run) : 'fenced'
  }

  read({ run, ...ref }: Input<'read'>): Output<'read'> {
    const number = this.find(ref)?.['number']
    return typeof number === 'number' ? this.#bodies(number, run) : []
  }

  claim({ session, processes, limit }: Input<'claim'>, now: number): { -readonly [Key in keyof ClaimedRow]: ClaimedRow[Key] }[] | 'fenced' {
    if (this.#sql('select 1 from session where number = ?').get(session) === undefined) return 'fenced'
    const ready = processes
      .flatMap((process) => {
        const name = this.#names.find(process)
        if (name === undefined) return []
        this.#sql('update instance set ready_at = 0 where process = ? and ready_at > 0 and ready_at <= ?').run(name, now)
        return this.#sql('select number from instance where process = ? and ready_at = 0 order by number limit ?').all(name, limit)
      })
      .map(({ number }) => Number(number))
      .sort((a, b) => a - b)
      .slice(0, limit)
    return ready.map((number) => {
      this.#sql(
        `update instance set owner = ?, epoch = epoch + 1, takeovers = takeovers + 1, ready_at = null, wake_at = null,
         status = case when status = ${PARKED} then parked_from else status end where number = ?`,
      ).run(session, number)
      const row = this.#sql(`select ${SUMMARY} where instance.number = ?`).get(number) as SqlRow
      return { summary: summary(row), takeovers: Number(row['takeovers']), ahead: undefined }
    })
  }

  nextWakeAt({ processes }: Input<'nextWakeAt'>): Output<'nextWakeAt'> {
    let next = Infinity
    for (const process of processes) {
      const name = this.#names.find(process)
      if (name === undefined) continue
      const row = this.#sql('select min(ready_at) as next from instance where process = ? and ready_at > 0').get(name)
      next = Math.min(next, Number(row?.['next'] ?? Infinity))
    }
    return next === Infinity ? undefined : next
  }

  /** Takes a session's instances away from it. */
  disown(session: number): void {
    this.#sql(`update instance set owner = null, ready_at = ${READY_WITHOUT_OWNER} where owner = ?`).run(session)
  }

  park({ instance, epoch, session, wakeAt }: Input<'park'>): Output<'park'> {
    if (!this.#owned(instance, epoch, session)) {
      const again = this.#sql(`select 1 from instance where number = ? and epoch = ? and owner is null and status = ${PARKED}`).get(
        instance,
        epoch,
      )
      return again === undefined ? 'fenced' : 'parked'
    }
    const { changes } = this.#sql(
      `update instance set parked_from = case when status = ${STUCK} then 1 else status end, status = ${PARKED}, owner = null, wake_at = ?1, ready_at = max(?1, 1),
       takeovers = 0 where number = ?2 and not ${HAS_MAIL}`,
    ).run(wakeAt ?? null, instance)
    return changes === 0 ? 'inbox moved' : 'parked'
  }

  release({ instance, epoch, session }: Input<'release'>): Output<'release'> {
    if (this.#owned(instance, epoch, session)) {
      this.#sql(`update instance set owner = null, takeovers = 0, ready_at = ${READY_WITHOUT_OWNER} where number = ?`).run(instance)
      return 'done'
    }
    const released = this.#sql('select 1 from instance where number = ? and epoch = ? and owner is null').get(instance, epoch)
    return released === undefined ? 'fenced' : 'done'
  }

  continueAsNew(input: Input<'continueAsNew'>): Output<'continueAsNew'> {
    const { instance, epoch, session, run, seq, nextRun, last, entries, count, at, inbox } = input
    const there = this.#sql('select run, entries, body from instance where number = ? and epoch = ? and owner = ?').get(
      instance,
      epoch,
      session,
    )
    if (there === undefined) return 'fenced'
    if (Number(there['run']) > run) return 'done'
    if (inbox > 0) takeMail(this.#connection, instance, run, inbox)
    this.#sql('insert into chunk (instance, run, seq, body) values (?, ?, 0, ?)').run(instance, run, there['body'] as Uint8Array)
    this.#sql('insert into chunk (instance, run, seq, body) values (?, ?, ?, ?)').run(instance, run, seq, joinPieces([last]))
    // The run before the one that ends now, and who knew its messages, are history.
    this.#sql('delete from chunk where instance = ? and run < ?').run(instance, run)
    this.#sql('delete from inbox where instance = ? and taken_in_run < ?').run(instance, run)
    this.#sql('update instance set run = ?, entries = ?, updated_at = ?, body = ?, takeovers = 0, status = 1 where number = ?').run(
      nextRun,
      count,
      at,
      joinPieces([entries]),
      instance,
    )
    return 'done'
  }

  list({ process, status, after, limit }: Input<'list'>): Output<'list'> {
    const from = after === undefined ? -1 : typeof after === 'number' ? after : this.find(after)?.['number']
    if (typeof from !== 'number') return 'not found'
    const rows = this.#sql(
      `select ${SUMMARY} where instance.number > ?1 and (?2 is null or process.name = ?2) and (?3 = 0 or status = ?3) order by instance.number limit ?4`,
    ).all(from, process ?? null, status, limit)
    return rows.map(summary)
  }

  delete(ref: Input<'delete'>): Output<'delete'> {
    const row = this.find(ref)
    if (row === undefined) return 'not found'
    if (Number(row['status']) < FIRST_FINISHED) return 'not finished'
    this.#remove(Number(row['number']))
    return 'deleted'
  }

  prune({ status, before, limit }: Input<'prune'>): Output<'prune'> {
    const rows = this.#sql(
      `select number from instance where status >= ${FIRST_FINISHED} and status = ? and updated_at < ? order by updated_at limit ?`,
    ).all(status, before, limit)
    for (const { number } of rows) this.#remove(Number(number))
    return rows.length
  }

  #remove(number: number): void {
    this.#sql('delete from instance where number = ?').run(number)
    this.#sql('delete from chunk where instance = ?').run(number)
    this.#sql('delete from inbox where instance = ?').run(number)
  }

  #owned(instance: number, epoch: number, session: number): boolean {
    return this.#sql('select 1 from instance where number = ? and epoch = ? and owner = ?').get(instance, epoch, session) !== undefined
  }

  /** A run's entries in order, as bodies of pieces; none when the run is not kept. */
  #bodies(number: number, run: number | undefined): Uint8Array[] {
    const row = this.#sql('select run, body from instance where number = ?').get(number)
    if (row === undefined) return []
    const wanted = run ?? Number(row['run'])
    const place = (table: string): string => `${this.#connection.path}, table ${table}, instance ${number}, run ${wanted}`
    const bodies = wanted === row['run'] ? [unseal(row['body'], () => place('instance'))] : []
    for (const { body, seq } of this.#sql('select seq, body from chunk where instance = ? and run = ? order by seq').all(number, wanted)) {
      bodies.push(unseal(body, () => `${place('chunk')}, seq ${String(seq)}`))
    }
    return bodies
  }

  #sql(text: string): ReturnType<Connection['sql']> {
    return this.#connection.sql(text)
  }
}

function summary(row: SqlRow): SummaryRow {
  return {
    instance: Number(row['number']),
    process: row['name'] as Uint8Array,
    id: row['id'] as Uint8Array,
    status: Number(row['status']),
    run: Number(row['run']),
    epoch: Number(row['epoch']),
    entries: Number(row['entries']),
    createdAt: Number(row['created_at']),
    updatedAt: Number(row['updated_at']),
    owner: (row['worker'] as Uint8Array | null) ?? undefined,
    wakeAt: (row['wake_at'] as number | null) ?? undefined,
  }
}
