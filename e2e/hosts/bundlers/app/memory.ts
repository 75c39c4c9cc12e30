import { MemoryJournalStore } from 'catga'
import { run } from './run.ts'

await run({ memory: new MemoryJournalStore() })
