import { MemoryJournalStore } from 'catga'
import { sqliteJournal } from 'catga/sqlite'
import { run } from './run.ts'

await run({ memory: new MemoryJournalStore(), sqlite: sqliteJournal(process.argv[2] ?? '') })
