import { expect, test } from 'vitest'
import type { JournalEntry } from '../contracts/journal-entry.ts'
import type {
  ClaimedInstance,
  ClaimOptions,
  InboxMessage,
  InstanceJournal,
  InstanceRef,
  StartOutcome,
  StartRequest,
} from '../contracts/journal-store.ts'
import { MemoryJournalStore } from '../memory/memory-journal-store.ts'
import type { MemoryWorkerSession } from '../memory/memory-worker-session.ts'
import type { MemoryInstance } from '../memory/memory-instance.ts'
import type { FakeClock } from './fake-clock.ts'
import { journalStoreConformance } from './journal-store-conformance.ts'

/** A memory store whose journals are replaced by faulty ones. */
function withJournal(fault: (journal: InstanceJournal) => Partial<InstanceJournal>): (clock: FakeClock) => MemoryJournalStore {
  const broken = (journal: InstanceJournal): InstanceJournal => {
    const faulty = fault(journal)
    return new Proxy(journal, {
      get(target, name: keyof InstanceJournal) {
        const member: unknown = faulty[name] ?? target[name]
        return typeof member === 'function' ? (member.bind(target) as unknown) : member
      },
    })
  }
  return (clock) =>
    new (class extends MemoryJournalStore {
      override create(request: StartRequest, session: MemoryWorkerSession | undefined): StartOutcome {
        const outcome = super.create(request, session)
        return outcome.created && outcome.journal !== undefined ? { created: true, journal: broken(outcome.journal) } : outcome
      }
      override claim(session: MemoryWorkerSession, options: ClaimOptions): readonly ClaimedInstance[] {
        return super.claim(session, options).map((claimed) => ({ ...claimed, journal: broken(claimed.journal) }))
      }
    })({ clock })
}

const swallow = async (append: () => unknown): Promise<void> => {
  try {
    await append()
  } catch {
    // The fault: whoever lost ownership is not told.
  }
}

const faults: Readonly<Record<string, (clock: FakeClock) => MemoryJournalStore>> = {
  'appends of fenced owners are not refused': withJournal((journal) => ({
    append: (seq, entries, status) => swallow(() => journal.append(seq, entries, status)),
  })),
  'several entries of one append are not written together': withJournal((journal) => ({
    append: (seq, entries, status) =>
      journal.append(seq, Array.isArray(entries) ? ((entries as JournalEntry[])[0] as JournalEntry) : entries, status),
  })),
  'an append made again is written again': withJournal((journal) => ({
    append: async (_seq, entries, status) => journal.append((await journal.load()).length, entries, status),
  })),
  'parking overlooks the inbox': withJournal((journal) => ({
    park: async (wakeAt) => {
      await journal.park(wakeAt)
      return 'parked'
    },
  })),
  'continuing as new forgets what is carried': withJournal((journal) => ({
    continueAsNew: (seq, last, first) => journal.continueAsNew(seq, last, first, []),
  })),
  'claims take the youngest first': (clock) =>
    new (class extends MemoryJournalStore {
      override claim(session: MemoryWorkerSession, { processes, limit }: ClaimOptions): readonly ClaimedInstance[] {
        return super.claim(session, { processes, limit }).toReversed()
      }
    })({ clock }),
  'messages delivered twice arrive twice': (clock) =>
    new (class extends MemoryJournalStore {
      #count = 0
      override deliver(ref: InstanceRef, message: InboxMessage): Promise<'delivered' | 'not found' | 'finished'> {
        return super.deliver(ref, { ...message, id: `${message.id}${this.#count++}` })
      }
    })({ clock }),
  'a session that ended keeps its instances': (clock) =>
    new (class extends MemoryJournalStore {
      override disown(_instance: MemoryInstance): void {}
    })({ clock }),
  'running instances are deleted': (clock) =>
    new (class extends MemoryJournalStore {
      override delete(ref: InstanceRef): ReturnType<MemoryJournalStore['delete']> {
        return super.delete(ref).then((outcome) => (outcome === 'not finished' ? 'deleted' : outcome))
      }
    })({ clock }),
}

test.each(Object.keys(faults))('the suite notices: %s', async (fault) => {
  const open = faults[fault] ?? expect.fail('no such fault')
  const failed: string[] = []
  for (const { name, run } of journalStoreConformance({ open })) {
    await run().catch(() => failed.push(name))
    if (failed.length > 0) return
  }
  expect.fail('every case passed')
})

test('case names are distinct, and there are many', () => {
  const names = journalStoreConformance({ open: (clock) => new MemoryJournalStore({ clock }) }).map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect(names.length).toBeGreaterThan(45)
})
