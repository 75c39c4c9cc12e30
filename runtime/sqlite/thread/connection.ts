import type { OpenOptions } from '../protocol.ts'
import { openWithDriver } from './driver.ts'
import type { SqlDatabase, SqlStatement } from './driver.ts'
import { migrate, pragma } from './schema.ts'

/** Length of the write-ahead log, in pages, from which on it is written back: longer means fewer pages written twice. */
const CHECKPOINT_PAGES = 4000

/** An open database with its prepared statements. */
export class Connection {
  readonly path: string
  readonly #database: SqlDatabase
  readonly #statements = new Map<string, SqlStatement>()
  #dataVersion: number

  constructor({ path, busyTimeoutMs, maxPages }: OpenOptions) {
    this.path = path
    this.#database = openWithDriver(path)
    try {
      this.#database.exec(`pragma busy_timeout = ${busyTimeoutMs}`)
      migrate(this.#database, path)
      this.#database.exec(
        'pragma synchronous = full; pragma wal_autocheckpoint = 0; pragma cache_size = -32000; pragma temp_store = memory; pragma foreign_keys = off',
      )
      if (maxPages > 0) this.#database.exec(`pragma max_page_count = ${maxPages}`)
    } catch (error) {
      this.#database.close()
      throw error
    }
    this.#dataVersion = pragma(this.#database, 'data_version')
  }

  /** The statement, prepared once. */
  sql(text: string): SqlStatement {
    let statement = this.#statements.get(text)
    if (statement === undefined) this.#statements.set(text, (statement = this.#database.prepare(text)))
    return statement
  }

  /** Runs `work` as one transaction: all of it is durable on return, or none of it happened. */
  transact<T>(work: () => T): T {
    this.sql('begin immediate').run()
    try {
      const result = work()
      this.sql('commit').run()
      return result
    } catch (error) {
      this.#rollBack()
      throw error
    }
  }

  /**
   * Like `transact`, but durable only with the next transaction that is: for work that a crash may undo because the log
   * still has it. Pages go from the write-ahead log to the database here, where nobody waits for an acknowledgement.
   */
  transactLater<T>(work: () => T): T {
    this.#database.exec(`pragma synchronous = normal; pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
    try {
      return this.transact(work)
    } finally {
      this.#database.exec('pragma wal_autocheckpoint = 0; pragma synchronous = full')
    }
  }

  /** Whether another connection has written since this was asked last. To be asked in a transaction. */
  changedByOthers(): boolean {
    const version = Number(this.sql('pragma data_version').get()?.['data_version'])
    const changed = version !== this.#dataVersion
    this.#dataVersion = version
    return changed
  }

  /** Gives room freed by deletions back to the file system, a bounded piece at a time. */
  shrink(pages: number): void {
    this.#database.exec(`pragma incremental_vacuum(${pages})`)
  }

  close(): void {
    this.#statements.clear()
    try {
      this.#database.exec('pragma wal_checkpoint(truncate)')
    } finally {
      this.#database.close()
    }
  }

  /** SQLite rolls some failures back by itself (a full disk, for one); rolling back twice is the only error to expect here. */
  #rollBack(): void {
    try {
      this.#database.exec('rollback')
    } catch {
      // See above: the transaction is over either way.
    }
  }
}
