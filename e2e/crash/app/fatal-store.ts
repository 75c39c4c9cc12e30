/**
 * A journal store in front of another that kills its own OS process at a chosen commit of one instance: just before the
 * commit is handed on, or just after it was acknowledged and before the engine hears of it.
 */
import type {
  ClaimedInstance,
  ClaimOptions,
  InstanceJournal,
  InstanceStatus,
  JournalEntry,
  JournalStore,
  StartOutcome,
  StartRequest,
  WorkerSession,
} from 'catga'
import { bound } from './bound.ts'

/** Where to die. `commit` counts the commits of the instance from 0, which creates it. */
export interface Death {
  readonly id: string
  readonly when: 'before' | 'after'
  readonly commit: number
}

/** Counts the commits of each instance and dies at one of them. */
class Fate {
  readonly #death: Death | undefined
  readonly #commits = new Map<string, number>()

  constructor(death: Death | undefined) {
    this.#death = death
  }

  count(id: string): number {
    return this.#commits.get(id) ?? 0
  }

  async commit<T>(id: string, write: () => T | Promise<T>): Promise<T> {
    const commit = this.count(id)
    this.#commits.set(id, commit + 1)
    const isLast = this.#death !== undefined && this.#death.id === id && this.#death.commit === commit
    if (isLast && this.#death?.when === 'before') die()
    const written = await write()
    if (isLast) die()
    return written
  }
}

function die(): void {
  process.kill(process.pid, 'SIGKILL')
}

/** @returns the store to use, and how many commits an instance has had in this OS process */
export function fatalStore(store: JournalStore, death: Death | undefined): { readonly store: JournalStore; commits(id: string): number } {
  const fate = new Fate(death)
  const fatal: JournalStore = new Proxy(store, {
    get(target, property) {
      if (property !== 'join') return bound(target, property)
      return async (options: Parameters<JournalStore['join']>[0]) => fatalSession(await target.join(options), fate)
    },
  })
  return { store: fatal, commits: (id) => fate.count(id) }
}

function fatalSession(session: WorkerSession, fate: Fate): WorkerSession {
  return new Proxy(session, {
    get(target, property) {
      if (property === 'start') {
        return async (request: StartRequest): Promise<StartOutcome> => {
          const outcome = await fate.commit(request.id, () => target.start(request))
          return outcome.created && outcome.journal !== undefined
            ? { created: true, journal: fatalJournal(outcome.journal, fate) }
            : outcome
        }
      }
      if (property === 'claim') {
        return async (options: ClaimOptions): Promise<readonly ClaimedInstance[]> => {
          const claimed = await target.claim(options)
          return claimed.map((instance) => ({ ...instance, journal: fatalJournal(instance.journal, fate) }))
        }
      }
      return bound(target, property)
    },
  })
}

function fatalJournal(journal: InstanceJournal, fate: Fate): InstanceJournal {
  return new Proxy(journal, {
    get(target, property) {
      if (property !== 'append') return bound(target, property)
      return (seq: number, entries: JournalEntry | readonly JournalEntry[], status?: InstanceStatus) =>
        fate.commit(target.ref.id, () => target.append(seq, entries, status))
    },
  })
}
