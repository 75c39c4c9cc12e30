import { test } from 'vitest'
import { journalStoreConformance } from '../testing/journal-store-conformance.ts'
import { MemoryJournalStore } from './memory-journal-store.ts'

for (const { name, run } of journalStoreConformance({ open: (clock) => new MemoryJournalStore({ clock }) })) test(name, run)
