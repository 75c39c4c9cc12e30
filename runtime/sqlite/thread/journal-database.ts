import { CorruptJournalError } from '../../contracts/errors.ts'
import type { Batch, BatchResult, ClaimedRow, Input, LogBatch, LogResult, OpenOptions, Output, Request, StartResult } from '../protocol.ts'
import { startRecords } from '../log-record.ts'
import type { StartRecord } from '../log-record.ts'
import { Connection } from './connection.ts'
import { Instances } from './instances.ts'
import { LogTail, instanceKey } from './log-tail.ts'
import { Mailbox } from './mailbox.ts'
import { ProcessNames } from './process-names.ts'
import { Sessions } from './sessions.ts'

/** Journals of claimed instances that are sent along, in bytes. */
const AHEAD_BYTES = 1024 * 1024

/**
 * The journal in its database, as the database thread sees it.
 *
 * Invariants
 * 1. A batch is one transaction: acknowledged only after its commit is synced, and nothing of a failed one is there.
 * 2. Whatever reads or changes tables other than the log does so with the whole log applied.
 * 3. A log of a session that was fenced is refused in the transaction that would have written it.
 */
export class JournalDatabase {
  readonly #connection: Connection
  readonly #tail: LogTail
  readonly #instances: Instances
  readonly #sessions: Sessions
  readonly #mailbox: Mailbox
  /** What this connection writes itself is announced by the store; only others' changes have to be looked for. */
  #unchangedSinceWatch = false

  constructor(options: OpenOptions) {
    this.#connection = new Connection(options)
    const names = new ProcessNames(this.#connection)
    this.#tail = new LogTail(this.#connection, names)
    this.#instances = new Instances(this.#connection, names)
    this.#sessions = new Sessions(this.#connection, this.#instances)
    this.#mailbox = new Mailbox(this.#connection, this.#instances)
    // Rows that a killed process left are applied by the first transaction.
    this.#tail.reset()
  }

  /** Whether rows wait to be applied when there is time. */
  get behind(): boolean {
    return this.#tail.pending
  }

  execute({ now, logs, requests }: Batch): BatchResult {
    let removed = false
    const result = this.#transact(() => {
      const others = this.#connection.changedByOthers()
      if (others) this.#unchangedSinceWatch = false
      if (others) this.#tail.apply()
      const written = logs.map((log) => this.#write(log))
      if (requests.length > 0) this.#tail.apply()
      removed = requests.some(({ kind }) => kind === 'delete' || kind === 'prune')
      return { logs: written, results: requests.map((request) => this.#answer(request, now)) }
    })
    if (removed) this.#connection.shrink(1000)
    return result
  }

  /** Whether so much waits that it should be applied before more comes. */
  get farBehind(): boolean {
    return this.#tail.long
  }

  /** Brings the tables up to the log's end. */
  catchUp(): void {
    try {
      this.#connection.transactLater(() => this.#tail.apply())
    } catch (error) {
      this.#tail.reset()
      throw error
    }
  }

  close(): void {
    this.#connection.close()
  }

  #transact<T>(work: () => T): T {
    try {
      return this.#connection.transact(work)
    } catch (error) {
      this.#tail.reset()
      throw error
    }
  }

  #write({ session, records }: LogBatch): LogResult {
    if (session !== 0 && !this.#sessions.lives(session)) return 'fenced'
    const taken: StartRecord[] = []
    const kept: Uint8Array[] = []
    const isNew: boolean[] = []
    const ids = new Set<string>()
    let from = 0
    for (const { record, from: at, to } of startRecords(records, 'batch')) {
      const key = instanceKey(record.process, record.id)
      const exists = ids.has(key) || this.#tail.starts(key) || this.#instances.exists(record)
      isNew.push(!exists)
      ids.add(key)
      if (!exists) continue
      kept.push(records.subarray(from, at))
      taken.push(record)
      from = to
    }
    const written = from === 0 ? records : Buffer.concat([...kept, records.subarray(from)])
    const numbers = written.length === 0 ? [] : this.#tail.write(written)
    if (taken.length > 0) this.#tail.apply()
    const existing = taken.map((record) => this.#existing(record))
    return { starts: isNew.map((created) => (created ? numbers.shift() : existing.shift()) as StartResult) }
  }

  #existing({ process, id }: StartRecord): StartResult {
    const summary = this.#instances.get({ process, id })
    if (summary === undefined) throw new CorruptJournalError(this.#connection.path, 'an id that is taken belongs to no instance')
    return { summary, first: this.#instances.first(summary.instance) }
  }

  #answer(request: Request, now: number): unknown {
    const [instances, sessions, mailbox] = [this.#instances, this.#sessions, this.#mailbox]
    switch (request.kind) {
      case 'join':
        return sessions.join(request, now)
      case 'renew':
        return sessions.renew(request, now)
      case 'leave':
        return sessions.leave(request.session)
      case 'claim':
        sessions.fenceTheDead(request.session, now)
        return this.#claim(request, now)
      case 'nextWakeAt':
        return instances.nextWakeAt(request)
      case 'load':
        return instances.load(request)
      case 'inbox':
        return mailbox.inbox(request)
      case 'park':
        return instances.park(request)
      case 'release':
        return instances.release(request)
      case 'continueAsNew':
        return instances.continueAsNew(request)
      case 'deliver':
        return mailbox.deliver(request)
      case 'get':
        return instances.get(request)
      case 'read':
        return instances.read(request)
      case 'list':
        return instances.list(request)
      case 'delete':
        return instances.delete(request)
      case 'prune':
        return instances.prune(request)
      case 'saveShape':
        this.#connection.sql('insert or ignore into shape (hash, description) values (?, ?)').run(request.hash, request.description)
        return undefined
      case 'loadShape':
        return this.#connection.sql('select description from shape where hash = ?').get(request.hash)?.['description']
      case 'watch':
        return this.#watch(request)
      case 'close':
        return undefined
    }
  }

  #claim(request: Input<'claim'>, now: number): Output<'claim'> {
    const claimed = this.#instances.claim(request, now)
    let left = AHEAD_BYTES
    if (claimed !== 'fenced')
      for (const row of claimed) {
        row.ahead = left > 0 ? this.#ahead(row.summary.instance) : undefined
        for (const body of row.ahead?.bodies ?? []) left -= body.length
      }
    return claimed
  }

  #ahead(instance: number): ClaimedRow['ahead'] {
    try {
      return { bodies: this.#instances.bodies(instance), mail: this.#mailbox.waiting(instance) }
    } catch {
      return undefined
    }
  }

  #watch(request: Input<'watch'>): Output<'watch'> {
    if (this.#unchangedSinceWatch) return 'unchanged'
    this.#unchangedSinceWatch = true
    return this.#mailbox.watch(request)
  }
}
