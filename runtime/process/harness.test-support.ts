/**
 * What the engine's tests share: time that they move, journals cut off anywhere, bodies that end when told.
 */
import type { JournalEntry } from '../contracts/journal-entry.ts'
import type { InstanceRef, InstanceStatus, JournalStore } from '../contracts/journal-store.ts'
import { MemoryJournalStore } from '../memory/memory-journal-store.ts'
import { FakeClock } from '../testing/fake-clock.ts'

/** Resolves after the event loop had some turns: whatever can happen without time passing has happened. */
export async function idle(turns = 10): Promise<void> {
  for (let i = 0; i < turns; i++) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve)
    })
  }
}

/** Waits without time passing until `condition` holds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 1000; i++) {
    if (await condition()) return
    await idle(1)
  }
  throw new Error(`never: ${condition.toString()}`)
}

/** Moves time on, from timer to timer, until the promise settles. */
export async function passTime<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  let settled = false
  const seen = promise.finally(() => {
    settled = true
  })
  seen.catch(() => undefined)
  for (let i = 0; i < 5000; i++) {
    await idle(3)
    if (settled) return seen
    clock.advance(Math.max(0, (clock.nextTimerAt ?? clock.now()) - clock.now()))
  }
  throw new Error('time passed and the promise did not settle')
}

/** A promise that a test settles. */
export interface Gate<T = void> {
  readonly promise: Promise<T>
  open(value: T): void
  fail(error: unknown): void
}

export function gate<T = void>(): Gate<T> {
  let open!: (value: T) => void
  let fail!: (error: unknown) => void
  const promise = new Promise<T>((resolve, reject) => {
    open = resolve
    fail = reject
  })
  promise.catch(() => undefined)
  return { promise, open, fail }
}

export async function entriesOf(store: JournalStore, ref: InstanceRef): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = []
  for await (const entry of store.read(ref)) entries.push(entry)
  return entries
}

/** One word per entry: its kind and, for calls, the step, without ordinals: `step-completed reserve@2`. */
export async function storyOf(store: JournalStore, ref: InstanceRef): Promise<string[]> {
  return (await entriesOf(store, ref)).map(wordFor)
}

function wordFor(entry: JournalEntry): string {
  if (!('site' in entry)) return entry.kind
  const { kind, scope, site, n } = entry
  return `${kind} ${scope === '' ? '' : `${scope}/`}${site.replace(/#\d+$/, '')}${n === 0 ? '' : `@${n}`}`
}

/** A store in which a worker died after writing these entries. */
export async function crashedAfter(
  ref: InstanceRef,
  entries: readonly JournalEntry[],
  clock: FakeClock = new FakeClock(),
): Promise<MemoryJournalStore> {
  const store = new MemoryJournalStore({ clock })
  const [started, ...rest] = entries
  if (started?.kind !== 'started') throw new Error('a journal begins with "started"')
  const session = await store.join({ worker: 'dead', leaseMs: 1000 })
  const { at, input, shape } = started
  const outcome = await session.start({ ...ref, input, at, ...(shape !== undefined && { shape }) })
  if (!outcome.created) throw new Error('the store was not empty')
  if (rest.length > 0) await outcome.journal!.append(1, rest, statusAfter(rest))
  await session[Symbol.asyncDispose]()
  return store
}

function statusAfter(entries: readonly JournalEntry[]): InstanceStatus {
  const last = entries.at(-1)!.kind
  if (last === 'stuck') return 'stuck'
  return entries.some(({ kind }) => kind === 'compensation-started') ? 'compensating' : 'running'
}
