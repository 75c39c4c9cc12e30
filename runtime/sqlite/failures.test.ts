import { copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { CatgaError } from '../contracts/errors.ts'
import type { JournalEntry } from '../contracts/journal-entry.ts'
import { createCodec } from '../codec/msgpack-codec.ts'
import type { InstanceJournal } from '../contracts/journal-store.ts'
import { sqliteJournal } from './sqlite-journal-store.ts'
import type { SqliteJournalStore } from './sqlite-journal-store.ts'
import { temporaryFolder } from './temporary-folder.test-support.ts'
import { joinPieces } from './thread/body.ts'
import { NoDriverError, openWithDriver } from './thread/driver.ts'

const newFile = temporaryFolder()

const step = (n: number, result: string | Uint8Array = 'x'): JournalEntry => ({
  kind: 'step-completed',
  at: 1,
  scope: '',
  site: 'charge',
  n,
  method: 'charge',
  args: [n],
  result,
  attempt: 1,
})

async function failure(operation: () => unknown): Promise<CatgaError & { readonly place?: string }> {
  try {
    await operation()
  } catch (error) {
    return error as CatgaError
  }
  return expect.fail('it should have failed')
}

async function owned(store: SqliteJournalStore, id: string): Promise<InstanceJournal> {
  const session = await store.join({ worker: 'w', leaseMs: 60_000 })
  const outcome = await session.start({ process: 'order', id, input: null, at: 1 })
  return outcome.created && outcome.journal !== undefined ? outcome.journal : expect.fail('it should be new')
}

async function filled(path: string, entries = 3): Promise<void> {
  await using store = sqliteJournal(path)
  const journal = await owned(store, 'a')
  for (let n = 0; n < entries; n++) {
    await journal.append(n + 1, step(n, new Uint8Array(1000).fill(n)))
    // Asking for anything brings the tables up to the log's end: later entries go to rows of their own.
    if (n === 0) await store.get(journal.ref)
  }
}

async function entriesOf(path: string, id = 'a'): Promise<JournalEntry[]> {
  await using store = sqliteJournal(path)
  const entries: JournalEntry[] = []
  for await (const entry of store.read({ process: 'order', id })) entries.push(entry)
  return entries
}

function sql(path: string, ...statements: readonly (readonly [string, ...(null | number | string | Uint8Array)[]])[]): void {
  const database = openWithDriver(path)
  try {
    for (const [statement, ...parameters] of statements) database.prepare(statement).run(...parameters)
    database.exec('pragma wal_checkpoint(truncate)')
  } finally {
    database.close()
  }
}

test('a journal survives closing and opening again', async () => {
  const path = newFile()
  await filled(path)
  expect((await entriesOf(path)).slice(1)).toEqual([0, 1, 2].map((n) => step(n, new Uint8Array(1000).fill(n))))
})

describe('a file that is no journal of this version is refused and left as it is', () => {
  test.each<[string, (path: string) => void, string]>([
    [
      'a text',
      (path) => writeFileSync(path, 'this is no database, but it is long enough to be read as one. '.repeat(20)),
      'corrupt-journal',
    ],
    ['a database of another application', (path) => sql(path, ['create table users (name text)']), 'corrupt-journal'],
  ])('%s', async (_, make, code) => {
    const path = newFile()
    make(path)
    const before = readFileSync(path)
    await using store = sqliteJournal(path)
    const error = await failure(() => store.join({ worker: 'w', leaseMs: 1000 }))
    expect(error.code).toBe(code)
    expect(error.place).toBe(path)
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test('a newer schema', async () => {
    const path = newFile()
    await filled(path)
    sql(path, ['pragma user_version = 99'])
    await using store = sqliteJournal(path)
    const error = await failure(() => store.get({ process: 'order', id: 'a' }))
    expect(error.code).toBe('newer-schema')
    expect(error.message).toContain('99')
  })

  test('a folder that is not there', async () => {
    await using store = sqliteJournal(`${newFile()}/missing/a.db`)
    expect((await failure(() => store.join({ worker: 'w', leaseMs: 1000 }))).code).toBe('store-unavailable')
  })
})

describe('damage is found and placed', () => {
  test('a truncated file', async () => {
    const path = newFile()
    await filled(path, 200)
    truncateSync(path, statSync(path).size / 2)
    expect((await failure(() => entriesOf(path))).code).toBe('corrupt-journal')
  })

  test.each<[string, (path: string) => void, RegExp]>([
    [
      'a changed byte in an entry',
      (path) => sql(path, ["update instance set body = cast(substr(body, 1, 20) || x'07' || substr(body, 22) as blob)"]),
      /table instance, instance \d+, run 1.*checksum/,
    ],
    [
      'a changed byte in a later entry',
      (path) => sql(path, ["update chunk set body = x'0011223344'"]),
      // The first one beside the row of the instance; which that is, depends on when the tables caught up with the log.
      /table chunk, instance \d+, run 1, seq [12]: .*checksum/,
    ],
    ['a row without bytes', (path) => sql(path, ["update instance set body = ''"]), /holds no bytes/],
    ['a changed byte in the log', (path) => sql(path, ["insert into log (body) values (x'0011223344')"]), /table log, row \d+.*checksum/],
    [
      'an unknown kind of record',
      (path) => sql(path, ['insert into log (body) values (?)', joinPieces([new Uint8Array(30)])]),
      /table log, row \d+/,
    ],
    [
      'an unknown kind of entry',
      (path) => sql(path, ['update instance set body = ?', joinPieces([encoded([1, [77, 0, 0]])])]),
      /entry kind 77 is unknown/,
    ],
    ['a newer journal format', (path) => sql(path, ['update instance set body = ?', joinPieces([encoded([9])])]), /journal format 9/],
    ['an unknown status', (path) => sql(path, ['update instance set status = 42']), /status 42 is unknown/],
  ])('%s', async (_, damage, place) => {
    const path = newFile()
    await filled(path)
    damage(path)
    const error = await failure(async () => {
      await using store = sqliteJournal(path)
      await store.get({ process: 'order', id: 'a' })
      return entriesOf(path)
    })
    expect(error.code).toBe('corrupt-journal')
    expect(error.message).toMatch(place)
  })

  test('of one instance does not keep others from being read', async () => {
    const path = newFile()
    await filled(path)
    {
      await using store = sqliteJournal(path)
      await (await owned(store, 'b')).append(1, step(0))
    }
    sql(path, ["update instance set body = x'00' where number = (select min(number) from instance)"])
    expect((await failure(() => entriesOf(path))).code).toBe('corrupt-journal')
    expect(await entriesOf(path, 'b')).toHaveLength(2)
  })
})

test('a full disk refuses writes, loses nothing that was acknowledged, and is forgotten once there is room', async () => {
  const path = newFile()
  await filled(path)
  sql(path, ['create table filler (body blob)'], ['insert into filler values (zeroblob(400000))'])
  const pages = statSync(path).size / 4096
  await using store = sqliteJournal({ path, maxPages: pages + 60 })
  const journal = await owned(store, 'b')
  let acknowledged = 0
  const error = await failure(async () => {
    for (; acknowledged < 10_000; acknowledged++) await journal.append(acknowledged + 1, step(acknowledged, new Uint8Array(2000)))
  })
  expect(error.code).toBe('store-unavailable')
  expect(String((error.cause as Error).message)).toMatch(/full/)
  expect(acknowledged).toBeGreaterThan(5)
  expect((await failure(() => journal.append(acknowledged + 1, step(acknowledged, new Uint8Array(2000))))).code).toBe('store-unavailable')

  const copy = newFile()
  copyFileSync(path, copy)
  copyFileSync(`${path}-wal`, `${copy}-wal`)
  expect(await entriesOf(copy, 'b')).toHaveLength(acknowledged + 1)

  sql(path, ['drop table filler'])
  await journal.append(acknowledged + 1, [step(acknowledged), step(acknowledged + 1)])
  const loaded = await journal.load()
  expect(loaded).toHaveLength(acknowledged + 3)
  expect(loaded.map((entry) => (entry.kind === 'step-completed' ? entry.n : -1))).toEqual([
    -1,
    ...Array.from({ length: acknowledged + 2 }, (_, n) => n),
  ])
})

test('appends queued behind one that failed are refused too, and a retry continues without a gap', async () => {
  const path = newFile()
  await filled(path)
  sql(path, ['create table filler (body blob)'], ['insert into filler values (zeroblob(400000))'])
  await using store = sqliteJournal({ path, maxPages: statSync(path).size / 4096 + 20 })
  const journal = await owned(store, 'b')
  const large = new Uint8Array(300_000)
  const failing = journal.append(1, step(0, large))
  const outcomes: unknown[] = [failing?.catch((error: unknown) => error)]
  await new Promise((resolve) => setImmediate(resolve))
  for (let n = 1; n < 5; n++) outcomes.push(journal.append(n + 1, step(n))?.catch((error: unknown) => error))
  for (const outcome of await Promise.all(outcomes)) expect((outcome as CatgaError).code).toBe('store-unavailable')
  sql(path, ['drop table filler'])
  await Promise.all([0, 1, 2].map((n) => journal.append(n + 1, step(n))))
  expect((await journal.load()).slice(1)).toEqual([step(0), step(1), step(2)])
})

test('without a driver the error says what to install', () => {
  expect(() => openWithDriver(newFile(), ['node:no-such-module', 'no-such-package'])).toThrow(NoDriverError)
  expect(() => openWithDriver(newFile(), ['no-such-package'])).toThrow('npm install @photostructure/sqlite')
})

test('a closed store refuses work', async () => {
  const store = sqliteJournal(newFile())
  await store.join({ worker: 'w', leaseMs: 1000 })
  await store[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
  expect((await failure(() => store.get({ process: 'order', id: 'a' }))).code).toBe('store-unavailable')
})

test.each([{ path: '' }, { path: 'a.db', pollIntervalMs: -1 }, { path: 'a.db', busyTimeoutMs: 0.5 }])(
  'options %o are refused',
  (options) => {
    expect(() => sqliteJournal(options)).toThrow(/Option/)
  },
)

function encoded(value: unknown): Uint8Array {
  const payload = createCodec().encode(value, 'test')
  return payload instanceof Uint8Array ? payload : expect.fail('expected bytes')
}
