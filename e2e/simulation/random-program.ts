import type { SeededRandom } from '../../runtime/testing/seeded-random.ts'
import type { Behaviour, Program, StepName } from './program.ts'
import { ATTEMPTS, CHANNELS } from './program.ts'

/** A body of step `slow` that takes one of the two last times runs into its timeout. */
const DURATIONS_MS = [0, 0, 0, 3, 10, 10, 25, 45, 90, 170]

export interface ProgramOptions {
  /** Whether the outcome may depend on what is fast and what is slow. */
  readonly timing: 'matters' | 'does not matter'
  /** A call that is not awaited yet when a cancellation reaches it would be an unhandled rejection. */
  readonly early: 'allowed' | 'never'
  /** How many times longer than usual bodies take. */
  readonly stretch: number
}

/** Draws programs and the behaviour of their steps. */
export class RandomProgram {
  readonly behaviours = new Map<number, Behaviour>()
  /** How many signals each channel is waited for at most. */
  readonly channels: number[] = []
  readonly #random: SeededRandom
  readonly #options: ProgramOptions
  /** Steps left to hand out; compound programs spend it. */
  #budget: number
  /** How often what is drawn now may be run. */
  #repeats = 1

  constructor(random: SeededRandom, options: ProgramOptions) {
    this.#random = random
    this.#options = options
    this.#budget = 2 + random.below(9)
  }

  draw(depth = 0): Program {
    const random = this.#random
    if (depth > 0 && (depth >= 4 || this.#budget <= 1 || random.chance(0.25))) return this.#leaf()
    const kinds = ['sequence', 'sequence', 'all', 'pool', 'keyed', 'settled', 'attempt', 'attempt', 'loop', 'branch', 'thrice'] as const
    const kind =
      depth === 0
        ? 'sequence'
        : random.pick([
            ...kinds,
            ...(this.#options.timing === 'matters' ? (['race', 'race', 'any'] as const) : []),
            ...(this.#options.early === 'allowed' ? (['early'] as const) : []),
          ])
    switch (kind) {
      case 'sequence':
      case 'all':
      case 'keyed':
      case 'settled':
      case 'race':
      case 'any':
        return { kind, items: this.#items(depth) }
      case 'pool':
        return { kind, width: 1 + random.below(3), items: this.#items(depth) }
      case 'attempt':
        return {
          kind,
          body: this.draw(depth + 1),
          ...(random.chance(0.7) && { recover: this.draw(depth + 2) }),
          ...(random.chance(0.4) && { last: this.#leaf() }),
        }
      case 'loop':
        return this.#loop(1 + random.below(3), depth)
      case 'branch':
        return { kind, even: this.draw(depth + 1), odd: this.draw(depth + 1) }
      case 'thrice':
        return { kind, tag: this.#behave('reserve') }
      case 'early':
        return { kind, tag: this.#behave('never fails'), meanwhile: this.draw(depth + 2) }
    }
  }

  #loop(times: number, depth: number): Program {
    this.#repeats *= times
    const body = this.draw(depth + 2)
    this.#repeats /= times
    return { kind: 'loop', times, body }
  }

  /** A wait has a channel of its own, so that who gets which signal is no matter of time. */
  #wait(): Program {
    const random = this.#random
    if (random.chance(0.4) || this.channels.length === CHANNELS) {
      const ms = random.pick([0, 5, 40, 300, ...(this.#repeats === 1 ? [2000] : [])])
      return { kind: 'sleep', ms, until: random.pick(['duration', 'date'] as const) }
    }
    const channel = this.channels.push(this.#repeats) - 1
    if (this.#options.timing === 'matters' && random.chance(0.5))
      return { kind: 'try wait', channel, timeoutMs: random.pick([0, 20, 200, 1500]) }
    return { kind: 'wait', channel }
  }

  #items(depth: number): Program[] {
    return Array.from({ length: 2 + this.#random.below(2) }, () => this.draw(depth + 1))
  }

  #leaf(): Program {
    const random = this.#random
    if (random.chance(0.04)) return { kind: 'raise', message: 'process code gives up' }
    if (random.chance(0.08)) return { kind: 'dice' }
    if (this.#options.timing === 'matters' && random.chance(0.1)) return { kind: 'clock' }
    if (random.chance(0.25)) return this.#wait()
    const step = random.pick(['plain', 'plain', 'quick', 'reserve', 'reserve', 'charge', 'slow'] as const)
    return { kind: 'step', step, tag: this.#behave(step) }
  }

  #behave(step: StepName | 'never fails'): number {
    const random = this.#random
    this.#budget--
    const tag = this.behaviours.size
    const attempts = step === 'never fails' ? ATTEMPTS.plain : ATTEMPTS[step]
    const fails = step !== 'never fails' && random.chance(0.08)
    this.behaviours.set(tag, {
      tag,
      durationMs: random.pick(step === 'slow' ? DURATIONS_MS : DURATIONS_MS.slice(0, -1)) * this.#options.stretch,
      failures: fails ? attempts : random.chance(0.2) ? random.below(attempts) : 0,
      fatal: step !== 'never fails' && !fails && random.chance(0.04),
      effect: random.chance(0.5) ? 'begin' : 'end',
      onAbort: random.chance(0.5) ? 'ends' : 'goes on',
      undoFailures: random.chance(0.15) ? 1 + random.below(2) : 0,
      undoBroken: random.chance(0.03),
    })
    return tag
  }
}
