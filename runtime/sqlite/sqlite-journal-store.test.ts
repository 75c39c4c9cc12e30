import { test } from 'vitest'
import type { JournalStore } from '../contracts/journal-store.ts'
import { journalStoreConformance } from '../testing/journal-store-conformance.ts'
import { sqliteJournal } from './sqlite-journal-store.ts'
import { temporaryFolder } from './temporary-folder.test-support.ts'

const newFile = temporaryFolder()
const paths = new WeakMap<JournalStore, string>()
const cases = journalStoreConformance({
  open(clock) {
    const path = newFile()
    const store = sqliteJournal({ path, clock, pollIntervalMs: 10 })
    paths.set(store, path)
    return store
  },
  openAgain: (store, clock) => sqliteJournal({ path: paths.get(store) ?? '', clock, pollIntervalMs: 10 }),
})
for (const { name, run } of cases) test(name, run, 20_000)
