/** Runs the waiting fixture on a store, with signals sent at given times and every body noted. */
import { type Wait, Waiting, type WaitInput } from '../../fixtures/processes/waiting.ts'
import type { JournalEntry } from '../contracts/journal-entry.ts'
import type { JournalStore } from '../contracts/journal-store.ts'
import { MemoryJournalStore } from '../memory/memory-journal-store.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { type App, createApp } from './app.ts'
import { crashedAfter, entriesOf, idle, storyOf } from './harness.test-support.ts'
import type { AppOptions } from './options.ts'

export const WAITER = { process: 'Waiting', id: 'w' } as const

export interface Sent {
  readonly name: string
  readonly payload: unknown
  /** After the start, in milliseconds. */
  readonly afterMs: number
}

export type Body = (name: string) => unknown

export interface Stage {
  readonly app: App
  readonly journal: JournalStore
  readonly clock: FakeClock
  readonly trace: string[]
  readonly bodies: string[]
  readonly story: () => Promise<string[]>
  readonly entries: () => Promise<JournalEntry[]>
}

export interface StageOptions extends Partial<AppOptions> {
  readonly clock?: FakeClock
  readonly body?: Body
}

export function stage({
  clock = new FakeClock(),
  journal = new MemoryJournalStore({ clock }),
  body,
  ...options
}: StageOptions = {}): Stage {
  const trace: string[] = []
  const bodies: string[] = []
  const outside = (_step: string, [name]: readonly unknown[]): unknown => {
    bodies.push(String(name))
    return body === undefined ? `did ${String(name)}` : body(String(name))
  }
  const app = createApp({ journal, clock, settleGraceMs: 1, ...options }).process(Waiting, () => new Waiting(outside, trace))
  return { app, journal, clock, trace, bodies, story: () => storyOf(journal, WAITER), entries: () => entriesOf(journal, WAITER) }
}

/** Starts a plot on a new stage. */
export async function play(input: Wait | WaitInput, options: StageOptions = {}) {
  const on = stage(options)
  const handle = await on.app.start(Waiting, typeof input === 'string' ? { plot: input } : input, { id: WAITER.id })
  return { ...on, handle }
}

/** Sends each signal at its time and lets time pass until the instance has ended. A signal sent twice has one message id. */
export async function send({ app, clock }: Stage, startedAt: number, signals: readonly Sent[]): Promise<void> {
  const left = [...signals.entries()]
  for (let i = 0; i < 2000; i++) {
    await idle(3)
    const summary = await app.client.get(WAITER)
    if (summary?.status === 'completed' || summary?.status === 'failed' || summary?.status === 'cancelled') return
    const next = left[0]
    const sendAt = next === undefined ? Infinity : startedAt + next[1].afterMs
    if (next !== undefined && sendAt <= clock.now()) {
      left.shift()
      const [number, { name, payload }] = next
      await app.client.signal(WAITER, name, payload, { messageId: `m${number}` })
      continue
    }
    clock.advance(Math.max(0, Math.min(sendAt, clock.nextTimerAt ?? clock.now() + 1) - clock.now()))
  }
  throw new Error('time passed and the instance did not end')
}

/** Another worker goes on after a crash that left these entries. */
export async function takeOver(entries: readonly JournalEntry[], options: StageOptions = {}) {
  const clock = options.clock ?? new FakeClock(entries.at(-1)!.at)
  const on = stage({ ...options, clock, journal: await crashedAfter(WAITER, entries, clock) })
  await on.app.open()
  return { ...on, handle: on.app.handle(Waiting, WAITER.id) }
}
