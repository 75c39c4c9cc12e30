import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, test } from 'vitest'
import type { JournalStore } from '../contracts/journal-store.ts'
import { journalStoreConformance } from '../testing/journal-store-conformance.ts'
import { sqliteJournal } from './sqlite-journal-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'catga-sqlite-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
const paths = new WeakMap<JournalStore, string>()
const cases = journalStoreConformance({
  open(clock) {
    const path = join(folder, `${files++}.db`)
    const store = sqliteJournal({ path, clock, pollIntervalMs: 10 })
    paths.set(store, path)
    return store
  },
  openAgain: (store, clock) => sqliteJournal({ path: paths.get(store) ?? '', clock, pollIntervalMs: 10 }),
})
for (const { name, run } of cases) test(name, run, 20_000)
