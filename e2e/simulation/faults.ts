import type { SeededRandom } from '../../runtime/testing/seeded-random.ts'
import type { Counters } from './counters.ts'
import type { Machine } from './machine.ts'

/** What happens to one message to the store. */
export type Fate = 'arrives' | 'lost' | 'reply lost' | 'twice'

/** What goes wrong in one simulation, and how often: rates are chances per message. */
export interface FaultRates {
  readonly lost: number
  readonly replyLost: number
  readonly twice: number
  /** Reading the inbox fails that often besides. */
  readonly inboxLost: number
  /** Longest way of a message to the store and back, in milliseconds. */
  readonly delayMs: number
  /** Whether a store that has nothing else to do acknowledges at once. */
  readonly synchronous: boolean
}

export const NO_FAULTS: FaultRates = { lost: 0, replyLost: 0, twice: 0, inboxLost: 0, delayMs: 3, synchronous: false }

interface CrashPoint {
  readonly at: 'before append' | 'after append' | 'in body'
  readonly countdown: number
}

/**
 * Decides what goes wrong, and when.
 *
 * Invariant: after `stop` nothing goes wrong any more, so that everything can come to its end.
 */
export class Faults {
  readonly rates: FaultRates
  readonly #random: SeededRandom
  readonly #counters: Counters
  readonly #crash: (machine: Machine) => void
  #points: CrashPoint[] = []
  #seen = { 'before append': 0, 'after append': 0, 'in body': 0 }
  #unreachable = new Map<Machine | 'everybody', number>()
  #stopped = false

  constructor(options: {
    readonly rates: FaultRates
    readonly random: SeededRandom
    readonly counters: Counters
    readonly crash: (machine: Machine) => void
  }) {
    this.rates = options.rates
    this.#random = options.random
    this.#counters = options.counters
    this.#crash = options.crash
  }

  /** Crashes whoever does the so-many-th append or body. */
  plan(point: CrashPoint): void {
    this.#points.push(point)
  }

  /** The store does not answer this machine, or anybody, until then. */
  cutOff(machine: Machine | 'everybody', untilMs: number): void {
    this.#unreachable.set(machine, untilMs)
  }

  isCutOff(machine: Machine, nowMs: number): boolean {
    if (this.#stopped) return false
    const until = Math.max(this.#unreachable.get(machine) ?? 0, this.#unreachable.get('everybody') ?? 0)
    return until > nowMs
  }

  fate(operation: string, repeatable: boolean): Fate {
    if (this.#stopped) return 'arrives'
    const { lost, replyLost, twice, inboxLost } = this.rates
    if (inboxLost > 0 && operation.includes('inbox') && this.#random.chance(inboxLost)) return 'lost'
    if (lost + replyLost + twice === 0) return 'arrives'
    const draw = this.#random.next()
    if (draw < lost) return 'lost'
    if (draw < lost + replyLost) return 'reply lost'
    return repeatable && draw < lost + replyLost + twice ? 'twice' : 'arrives'
  }

  delay(): number {
    return this.#random.below(this.rates.delayMs + 1)
  }

  beforeAppend(machine: Machine): void {
    this.#pass('before append', machine)
  }

  afterAppend(machine: Machine): void {
    this.#pass('after append', machine)
  }

  inBody(machine: Machine): void {
    this.#pass('in body', machine)
  }

  stop(): void {
    this.#stopped = true
  }

  #pass(at: CrashPoint['at'], machine: Machine): void {
    const seen = ++this.#seen[at]
    if (this.#stopped || machine.state === 'dead' || !this.#points.some((point) => point.at === at && point.countdown === seen)) return
    this.#counters.add(`crash ${at}`)
    this.#crash(machine)
  }
}
