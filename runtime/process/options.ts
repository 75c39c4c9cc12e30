import { createCodec } from '../codec/msgpack-codec.ts'
import { SystemClock } from '../clock/system-clock.ts'
import type { Clock } from '../contracts/clock.ts'
import type { Codec } from '../contracts/codec.ts'
import { InvalidOptionError } from '../contracts/errors.ts'
import type { FinishedStatus, JournalStore } from '../contracts/journal-store.ts'
import type { ClientServices } from './client.ts'
import { type ErrorClass, ErrorRecorder } from './error-record.ts'
import { IdleRuns } from './idle-runs.ts'
import type { WorkerOptions } from './worker.ts'

/** Options of `createApp`. Durations are in milliseconds. */
export interface AppOptions {
  /** Where instances live. */
  readonly journal: JournalStore
  /** Name of this worker in messages and in `catga ps`; default `worker`. */
  readonly worker?: string
  /** How long a dead worker's instances wait before others take them over, where its death cannot be seen; default 10 000. */
  readonly leaseMs?: number
  /** How often to look for instances to take over; default 500. */
  readonly pollMs?: number
  /** Instances that run at once; the rest waits in order. Default 10 000. */
  readonly maxInFlight?: number
  /** Entries a journal may have; default 100 000. */
  readonly maxEntries?: number
  /** Workers in a row that may die of one instance before it is `stuck`; default 5. */
  readonly maxTakeovers?: number
  /** How long an aborted step body may take to end, after its timeout; default 5 000. */
  readonly settleGraceMs?: number
  /**
   * How long an instance that only waits stays in memory; then it is parked: it uses none until its time comes or a message wakes
   * it, and then runs again from its journal. At once when others wait for its place. Default 1 000.
   */
  readonly parkAfterMs?: number
  /** How long finished instances are kept; default 7 days each. `Infinity`: for ever; 0: not at all. */
  readonly retentionMs?: Partial<Record<FinishedStatus, number>>
  /** Error classes of yours that process code tells apart with `instanceof`. */
  readonly errors?: readonly ErrorClass[]
  readonly codec?: Codec
  readonly clock?: Clock
  /** Source of jitter, in [0, 1); default `Math.random`. */
  readonly random?: () => number
}

interface Resolved {
  readonly client: ClientServices
  readonly worker: Omit<WorkerOptions, 'store' | 'registry'>
}

const WEEK_MS = 7 * 24 * 3600 * 1000

/** @throws InvalidOptionError */
export function resolveOptions(options: AppOptions): Resolved {
  if (typeof options.journal !== 'object' || options.journal === null)
    throw new InvalidOptionError('journal', options.journal, 'give a journal store, such as sqliteJournal("orders.db")')
  const codec = options.codec ?? createCodec()
  const clock = options.clock ?? new SystemClock()
  const errors = new ErrorRecorder(codec, options.errors ?? [])
  const kept = options.retentionMs ?? {}
  const retentionOf = (status: FinishedStatus): number => number(`retentionMs.${status}`, kept[status], WEEK_MS, 0)
  return {
    client: { store: options.journal, codec, clock, errors },
    worker: {
      name: options.worker ?? 'worker',
      leaseMs: number('leaseMs', options.leaseMs, 10_000, 10),
      pollMs: number('pollMs', options.pollMs, 500, 1),
      maxInFlight: number('maxInFlight', options.maxInFlight, 10_000, 1),
      maxTakeovers: number('maxTakeovers', options.maxTakeovers, 5, 1),
      retentionMs: { completed: retentionOf('completed'), failed: retentionOf('failed'), cancelled: retentionOf('cancelled') },
      services: {
        codec,
        clock,
        errors,
        random: options.random ?? Math.random,
        maxEntries: number('maxEntries', options.maxEntries, 100_000, 10),
        idleRuns: new IdleRuns(number('parkAfterMs', options.parkAfterMs, 1000, 0)),
        settleGraceMs: number('settleGraceMs', options.settleGraceMs, 5000, 0),
      },
    },
  }
}

function number(option: string, value: number | undefined, fallback: number, least: number): number {
  if (value === undefined) return fallback
  if (typeof value !== 'number' || Number.isNaN(value) || value < least)
    throw new InvalidOptionError(option, value, `give a number of at least ${least}`)
  return value
}
