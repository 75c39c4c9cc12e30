/** Entry of the database thread: carries out one batch after the other, and catches up when there is time. */
import { parentPort, workerData } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import { CorruptJournalError, NewerSchemaError } from '../../contracts/errors.ts'
import type { Batch, BatchFailure, OpenOptions, Reply } from '../protocol.ts'
import { NoDriverError } from './driver.ts'
import { JournalDatabase } from './journal-database.ts'

/** Quiet time after which the tables are brought up to the log's end. */
const CATCH_UP_AFTER_MS = 20

const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26

if (parentPort !== null) {
  hideSqliteWarning()
  serve(parentPort, workerData as OpenOptions)
}

function serve(port: MessagePort, options: OpenOptions): void {
  let database: JournalDatabase | undefined
  let timer: NodeJS.Timeout | undefined
  const open = (): JournalDatabase => (database ??= new JournalDatabase(options))
  port.on('message', (batch: Batch) => {
    clearTimeout(timer)
    let reply: Reply
    try {
      reply = { ok: true, result: open().execute(batch) }
    } catch (error) {
      reply = { ok: false, failure: failure(error, options.path) }
    }
    if (batch.requests.some(({ kind }) => kind === 'close')) {
      close(database)
      database = undefined
    }
    port.postMessage(reply)
    if (database?.farBehind === true) catchUp(database)
    else if (database?.behind === true) timer = setTimeout(() => catchUp(database), CATCH_UP_AFTER_MS)
  })
}

/** Node 22 and 24 warn whoever loads their SQLite that it is experimental. The user did not choose it, and can do nothing about it. */
function hideSqliteWarning(): void {
  const print = process.listeners('warning')
  process.removeAllListeners('warning')
  process.on('warning', (warning) => {
    if (warning.name === 'ExperimentalWarning' && warning.message.includes('SQLite')) return
    for (const listener of print) listener(warning)
  })
}

/** What fails here fails again, and is told, when the next batch needs it. */
function catchUp(database: JournalDatabase | undefined): void {
  try {
    database?.catchUp()
  } catch {
    // See above.
  }
}

/** The write-ahead log holds whatever could not be written back; the next one to open the database does that. */
function close(database: JournalDatabase | undefined): void {
  try {
    database?.close()
  } catch {
    // See above.
  }
}

function failure(error: unknown, path: string): BatchFailure {
  const message = error instanceof Error ? error.message : String(error)
  const nothing = { message, place: path, version: 0 }
  if (error instanceof CorruptJournalError) return { ...nothing, reason: 'corrupt', place: error.place, message: error.what }
  if (error instanceof NewerSchemaError) return { ...nothing, reason: 'newer schema', version: error.found }
  if (error instanceof NoDriverError) return { ...nothing, reason: 'no driver' }
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) return { ...nothing, reason: 'corrupt' }
  if (code > 0) return { ...nothing, reason: 'unavailable' }
  return { ...nothing, reason: 'bug', message: error instanceof Error ? (error.stack ?? message) : message }
}
