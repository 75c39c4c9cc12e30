/** `catga/sqlite`: the journal in a SQLite database. */
export { SqliteJournalStore, sqliteJournal } from './sqlite-journal-store.ts'
export type { SqliteJournalOptions } from './sqlite-journal-store.ts'
