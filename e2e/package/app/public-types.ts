/** Uses a name of every entry, so that each one's types have to be found. */
import { type App, CatgaError, createApp, type JournalStore, MemoryJournalStore } from 'catga'
import * as emitted from 'catga/emitted'
import { sqliteJournal, SqliteJournalStore } from 'catga/sqlite'
import { FakeClock, journalStoreConformance } from 'catga/testing'
import transformer, { transpile } from 'catga/transformer'

export const app: App = createApp({ journal: new MemoryJournalStore(), clock: new FakeClock() })
export const store: JournalStore = sqliteJournal('orders.db')
export const isSqlite: boolean = store instanceof SqliteJournalStore
export const code: string = new CatgaError('code', 'text').code
export const functions: readonly unknown[] = [emitted.define, emitted.execute, transformer, transpile, journalStoreConformance]
