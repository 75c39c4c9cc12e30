import { SeededRandom } from '../../runtime/testing/seeded-random.ts'
import { type FaultRates, NO_FAULTS } from './faults.ts'
import type { Behaviour, Job } from './program.ts'
import { RandomProgram } from './random-program.ts'

/** Something that goes wrong, or that somebody does, at a time. `forMs` is a duration or how far a clock jumps. */
export interface Disturbance {
  readonly at: number
  readonly kind: 'crash' | 'pause' | 'jump' | 'cut off' | 'cut off everybody' | 'lose lease' | 'drain' | 'cancel' | 'store clock'
  /** Worker, or for `cancel` instance, taken modulo how many there are. */
  readonly slot: number
  readonly forMs: number
}

/** All that a seed decides beforehand. */
export interface Plan {
  readonly workers: number
  readonly maxInFlight: number
  /** How long instances that only wait stay in memory. */
  readonly parkAfterMs: number
  /** How far the clocks of neighbouring workers differ, in milliseconds. */
  readonly skewMs: number
  readonly instances: readonly PlannedInstance[]
  readonly rates: FaultRates
  readonly events: readonly Disturbance[]
  readonly crashPoints: readonly { readonly at: 'before append' | 'after append' | 'in body'; readonly countdown: number }[]
  readonly isCalm: boolean
  /** Nothing goes wrong but that messages are late or lost. */
  readonly isUndisturbed: boolean
  /** How long a crashed worker stays away, in milliseconds. */
  readonly restartMs: number
  /** From then on nothing goes wrong. */
  readonly quietAt: number
}

export interface PlannedInstance {
  readonly job: Job
  readonly behaviours: ReadonlyMap<number, Behaviour>
  readonly startAt: number
  readonly signals: readonly PlannedSignal[]
  /** Number of the worker that starts it; any other number: a client. */
  readonly by: number
}

/** Signals of one channel go one after the other: in the order of their times. */
export interface PlannedSignal {
  readonly channel: number
  readonly number: number
  readonly at: number
}

export function planOf(seed: number, calm: boolean): Plan {
  const random = new SeededRandom(seed)
  const programs = random.fork()
  const cancels = random.chance(0.3)
  const instances = drawInstances(programs, cancels)
  if (calm)
    return {
      workers: 2,
      maxInFlight: 100,
      parkAfterMs: 30,
      skewMs: 0,
      instances,
      rates: NO_FAULTS,
      events: [],
      crashPoints: [],
      isCalm: true,
      isUndisturbed: true,
      restartMs: 0,
      quietAt: 300,
    }
  const troubled = random.chance(0.9)
  const spanMs = 200 + random.below(1200)
  const events = troubled ? drawEvents(random, spanMs) : []
  const crashPoints = troubled ? drawCrashPoints(random) : []
  return {
    isCalm: false,
    isUndisturbed: events.length + crashPoints.length === 0,
    workers: 1 + random.below(3),
    maxInFlight: random.chance(0.2) ? 1 : 100,
    parkAfterMs: random.pick([0, 20, 150, 1e9]),
    skewMs: random.pick([0, 0, 7, -4000, 4000]),
    instances,
    rates: drawRates(random, troubled),
    events: [...events, ...(cancels ? drawCancels(random, spanMs) : [])],
    crashPoints,
    restartMs: random.pick([50, 400, 3000]),
    // Then most instances have ended, but for those that take their time.
    quietAt: spanMs + 100,
  }
}

function drawInstances(random: SeededRandom, cancels: boolean): PlannedInstance[] {
  return Array.from({ length: 1 + random.below(2) }, (_, number) => {
    const timing = random.chance(0.5) ? 'matters' : 'does not matter'
    const program = new RandomProgram(random, { timing, early: cancels ? 'never' : 'allowed', stretch: random.chance(0.12) ? 10 : 1 })
    const root = program.draw()
    return {
      job: { id: `p${number}`, root, start: random.below(1000) },
      behaviours: program.behaviours,
      signals: drawSignals(random, program.channels),
      startAt: random.below(100),
      by: random.below(5),
    }
  })
}

/** As many as are waited for at most, and now and then one more. */
function drawSignals(random: SeededRandom, channels: readonly number[]): PlannedSignal[] {
  return channels.flatMap((count, channel) => {
    const times = Array.from({ length: count + (random.chance(0.1) ? 1 : 0) }, () =>
      random.pick([0, random.below(300), random.below(2500)]),
    )
    return times.toSorted((a, b) => a - b).map((at, number) => ({ channel, number, at }))
  })
}

function drawRates(random: SeededRandom, troubled: boolean): FaultRates {
  const rate = (most: number): number => (troubled && random.chance(0.5) ? random.next() * most : 0)
  return {
    lost: rate(0.1),
    replyLost: rate(0.1),
    twice: rate(0.1),
    inboxLost: troubled && random.chance(0.1) ? 0.5 : 0,
    delayMs: random.pick([0, 2, 15]),
    synchronous: random.chance(0.3),
  }
}

function drawEvents(random: SeededRandom, spanMs: number): Disturbance[] {
  const kinds = [
    'crash',
    'crash',
    'pause',
    'pause',
    'pause',
    'jump',
    'cut off',
    'cut off everybody',
    'lose lease',
    'drain',
    'store clock',
  ] as const
  return Array.from({ length: random.below(4) }, () => {
    const kind = random.pick(kinds)
    const forMs = kind === 'jump' ? random.below(8000) - 4000 : kind === 'pause' ? 50 + random.below(6000) : 50 + random.below(1500)
    // Most of it while instances run, which they begin to do at once.
    return { at: random.below(random.chance(0.7) ? 500 : spanMs), kind, slot: random.below(3), forMs }
  })
}

function drawCancels(random: SeededRandom, spanMs: number): Disturbance[] {
  return Array.from({ length: 1 + random.below(2) }, () => ({ at: random.below(spanMs), kind: 'cancel', slot: random.below(2), forMs: 0 }))
}

function drawCrashPoints(random: SeededRandom): Plan['crashPoints'] {
  if (random.chance(0.5)) return []
  return [{ at: random.pick(['before append', 'after append', 'in body']), countdown: 1 + random.below(15) }]
}
