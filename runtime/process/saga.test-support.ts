/** Runs the saga fixture on a store, with bodies given by name and every call noted. */
import type { StepContext } from 'catga'
import { Saga, type Plot } from '../../fixtures/processes/saga.ts'
import type { JournalEntry } from '../contracts/journal-entry.ts'
import type { JournalStore } from '../contracts/journal-store.ts'
import { MemoryJournalStore } from '../memory/memory-journal-store.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { type App, createApp } from './app.ts'
import { crashedAfter, entriesOf, storyOf } from './harness.test-support.ts'
import type { AppOptions } from './options.ts'

export type Body = (args: readonly unknown[], context: StepContext) => unknown

/** A call of a step body or an undo. */
export interface Deed {
  readonly step: string
  readonly args: readonly unknown[]
  readonly attempt: number
  readonly key: string
}

export const SAGA = { process: 'Saga', id: 's' } as const

export interface Stage {
  readonly app: App
  readonly journal: JournalStore
  readonly clock: FakeClock
  readonly deeds: Deed[]
  readonly trace: string[]
  /** Names of the bodies called, in order. */
  readonly done: () => string[]
  readonly story: () => Promise<string[]>
  readonly entries: () => Promise<JournalEntry[]>
}

export interface StageOptions extends Partial<AppOptions> {
  readonly bodies?: Readonly<Record<string, Body>>
  readonly clock?: FakeClock
}

export function stage({
  bodies = {},
  clock = new FakeClock(),
  journal = new MemoryJournalStore({ clock }),
  ...options
}: StageOptions = {}): Stage {
  const deeds: Deed[] = []
  const trace: string[] = []
  const outside = (step: string, args: readonly unknown[], context: StepContext): unknown => {
    deeds.push({ step, args: structuredClone(args), attempt: context.attempt, key: context.idempotencyKey })
    const body = bodies[step]
    return body === undefined ? `${step} done` : body(args, context)
  }
  const app = createApp({ journal, clock, ...options }).process(Saga, () => new Saga(outside, trace))
  const done = (): string[] => deeds.map(({ step }) => step)
  return { app, journal, clock, deeds, trace, done, story: () => storyOf(journal, SAGA), entries: () => entriesOf(journal, SAGA) }
}

/** Starts the saga's plot on a new stage. */
export async function play(plot: Plot, options: StageOptions = {}) {
  const on = stage(options)
  return { ...on, handle: await on.app.start(Saga, { plot }, { id: SAGA.id }) }
}

/** Another worker goes on after a crash that left these entries. */
export async function takeOver(entries: readonly JournalEntry[], options: StageOptions = {}) {
  const clock = options.clock ?? new FakeClock(entries.at(-1)!.at)
  const on = stage({ ...options, clock, journal: await crashedAfter(SAGA, entries, clock) })
  await on.app.open()
  return { ...on, handle: on.app.handle(Saga, SAGA.id) }
}
