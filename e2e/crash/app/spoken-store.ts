/**
 * A journal store in front of another that says what this worker appends and what became of it.
 */
import type { ClaimOptions, InstanceJournal, JournalEntry, JournalStore, StartRequest, WorkerSession } from 'catga'
import { bound } from './bound.ts'

export function spokenStore(store: JournalStore): JournalStore {
  return new Proxy(store, {
    get(target, property) {
      if (property !== 'join') return bound(target, property)
      return async (options: Parameters<JournalStore['join']>[0]) => {
        const session = await target.join(options)
        console.log('joined')
        session.fenced.addEventListener('abort', () => console.log('fenced'))
        return spokenSession(session)
      }
    },
  })
}

function spokenSession(session: WorkerSession): WorkerSession {
  return new Proxy(session, {
    get(target, property) {
      if (property === 'start') {
        return async (request: StartRequest) => {
          const outcome = await target.start(request)
          return outcome.created && outcome.journal !== undefined ? { created: true, journal: spokenJournal(outcome.journal) } : outcome
        }
      }
      if (property === 'claim') {
        return async (options: ClaimOptions) => {
          const claimed = await target.claim(options)
          return claimed.map((instance) => ({ ...instance, journal: spokenJournal(instance.journal) }))
        }
      }
      return bound(target, property)
    },
  })
}

function spokenJournal(journal: InstanceJournal): InstanceJournal {
  return new Proxy(journal, {
    get(target, property) {
      if (property !== 'append') return bound(target, property)
      return async (...append: Parameters<InstanceJournal['append']>) => {
        const [, entries] = append
        const kinds = (Array.isArray(entries) ? (entries as readonly JournalEntry[]) : [entries as JournalEntry]).map(({ kind }) => kind)
        const what = `append ${target.ref.id} ${kinds.join('+')}`
        try {
          await target.append(...append)
          console.log(`${what}: done`)
        } catch (error) {
          console.log(`${what}: ${(error as { code?: string }).code}`)
          throw error
        }
      }
    },
  })
}
