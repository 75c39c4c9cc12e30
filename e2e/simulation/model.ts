/**
 * What a program comes to, worked out without any engine: no time, no journal, one thing after the other.
 */
import type { Answer, Behaviour, Call, Job, Program, StepName } from './program.ts'
import { answer, ATTEMPTS, digest, mix, signalValue, SLOW_TIMEOUT_MS } from './program.ts'

export interface Expected {
  /** Value of the process, or message of its error. */
  readonly outcome: { readonly ok: true; readonly value: number } | { readonly ok: false; readonly message: string }
  /** Calls by uid: `completed in attempt 2`, `failed in attempt 1`. */
  readonly calls: ReadonlyMap<string, string>
  /**
   * `all`: outcome and calls are certain. `outcome`: which calls are made depends on timing. `place`: the outcome depends on
   * derived randomness too, and so is the same for every run of one instance only. `nothing`: everything depends on timing.
   */
  readonly certain: 'all' | 'outcome' | 'place' | 'nothing'
}

class Thrown extends Error {}

const LESS = ['all', 'outcome', 'place', 'nothing'] as const

class Evaluation {
  readonly calls = new Map<string, string>()
  certain: Expected['certain'] = 'all'
  readonly #behaviours: ReadonlyMap<number, Behaviour>
  #draws = 0

  constructor(behaviours: ReadonlyMap<number, Behaviour>) {
    this.#behaviours = behaviours
  }

  run(program: Program, path: string, given: number): number {
    let value = given
    switch (program.kind) {
      case 'step':
        return mix(value, this.#call(program.step, { uid: path, tag: program.tag, mix: value }).value)
      case 'thrice':
        for (const part of ['a', 'b'] as const) value = this.#plain(`${path}${part}`, program.tag, value)
        return this.#pair(path, program.tag, value)
      case 'sequence':
        for (const [i, item] of program.items.entries()) value = this.run(item, `${path}.${i}`, value)
        return value
      case 'branch':
        return value % 2 === 0 ? this.run(program.even, `${path}e`, value) : this.run(program.odd, `${path}o`, value)
      case 'loop':
        for (let i = 0; i < program.times; i++) {
          value = this.run(program.body, `${path}*${i}`, value)
          if (value % 5 === 0) break
        }
        return value
      case 'attempt':
        return this.#attempt(program, path, value)
      case 'early':
        return this.#early(program, path, value)
      case 'clock':
        this.#doubt('nothing')
        return value
      case 'dice':
        this.#draws++
        this.#doubt('place')
        return value
      case 'sleep':
        return value
      case 'wait':
        return mix(value, signalValue(program.channel))
      case 'try wait':
        this.#doubt('nothing')
        return value
      case 'raise':
        throw new Thrown(`${program.message} at ${path}`)
      default:
        return this.#beside(program, path, value)
    }
  }

  #pair(path: string, tag: number, value: number): number {
    const parts = this.#all([
      () => this.#call('reserve', { uid: `${path}c`, tag, mix: value }),
      () => this.#call('reserve', { uid: `${path}d`, tag, mix: value }),
    ])
    return parts.reduce((so, { value: next }) => mix(so, next), value)
  }

  #early(program: Extract<Program, { kind: 'early' }>, path: string, given: number): number {
    const early = this.#call('plain', { uid: `${path}y`, tag: program.tag, mix: given })
    return mix(this.run(program.meanwhile, `${path}m`, given), early.value)
  }

  #beside(program: Extract<Program, { items: readonly Program[] }>, path: string, value: number): number {
    const parts = program.items.map((item, i) => () => this.run(item, `${path}|${i}`, value))
    switch (program.kind) {
      case 'settled':
        return parts
          .map((part) => this.#settled(part))
          .map((part) => (part.ok ? part.value : digest(part.message)))
          .reduce(mix, value)
      case 'race':
        if (parts.length > 1) this.#doubt('nothing')
        return this.#settledOrThrow(parts.map((part) => this.#settled(part))[0]!)
      case 'any':
        return this.#any(parts)
      case 'pool':
        return this.#pool(parts, value)
      default:
        return this.#all(parts).reduce(mix, value)
    }
  }

  /** Which of its workers takes an item, and so where the item draws what is random, is a matter of time. */
  #pool(parts: readonly (() => number)[], value: number): number {
    const before = this.#draws
    const results = this.#all(parts)
    if (this.#draws > before) this.#doubt('nothing')
    return results.reduce(mix, value)
  }

  #attempt({ body, recover, last }: Extract<Program, { kind: 'attempt' }>, path: string, given: number): number {
    let value = given
    try {
      value = this.run(body, `${path}t`, value)
    } catch (error) {
      if (recover === undefined) throw error
      value = this.run(recover, `${path}c`, mix(value, digest((error as Error).message)))
    } finally {
      if (last !== undefined) value = mix(value, this.run(last, `${path}f`, value))
    }
    return value
  }

  /** As `Promise.all`: the first failure in time counts, which is known when there is only one. */
  #all<T>(parts: readonly (() => T)[]): T[] {
    const settled = parts.map((part) => this.#settled(part))
    const failures = settled.filter(({ ok }) => !ok)
    if (failures.length > 0) this.#doubt(failures.length === 1 ? 'outcome' : 'nothing')
    return settled.map((part) => this.#settledOrThrow(part))
  }

  #any(parts: readonly (() => number)[]): number {
    const settled = parts.map((part) => this.#settled(part))
    const winners = settled.filter(({ ok }) => ok)
    if (winners.length === 0) throw new Thrown('All promises were rejected')
    this.#doubt(winners.length === 1 ? 'outcome' : 'nothing')
    return this.#settledOrThrow(winners[0]!)
  }

  #settled<T>(part: () => T): { ok: true; value: T } | { ok: false; message: string } {
    try {
      return { ok: true, value: part() }
    } catch (error) {
      return { ok: false, message: (error as Error).message }
    }
  }

  #settledOrThrow<T>(settled: { ok: true; value: T } | { ok: false; message: string }): T {
    if (settled.ok) return settled.value
    throw new Thrown(settled.message)
  }

  #plain(uid: string, tag: number, value: number): number {
    return mix(value, this.#call('plain', { uid, tag, mix: value }).value)
  }

  #call(step: StepName, call: Call): Answer {
    const { error, attempt } = this.#outcomeOf(step, call)
    this.calls.set(call.uid, `${error === undefined ? 'completed' : 'failed'} in attempt ${attempt}`)
    if (error !== undefined) throw new Thrown(error)
    return answer(call)
  }

  #outcomeOf(step: StepName, { uid, tag }: Call): { readonly error?: string; readonly attempt: number } {
    const { durationMs, failures, fatal } = this.#behaviours.get(tag)!
    const last = ATTEMPTS[step]
    if (step === 'slow' && durationMs > SLOW_TIMEOUT_MS)
      return { error: `Step "slow" took longer than ${SLOW_TIMEOUT_MS} ms.`, attempt: last }
    if (failures >= last) return { error: `${uid} failed in attempt ${last}`, attempt: last }
    return { attempt: failures + 1, ...(fatal && { error: `${uid} failed for good` }) }
  }

  #doubt(least: Expected['certain']): void {
    if (LESS.indexOf(least) > LESS.indexOf(this.certain)) this.certain = least
  }
}

export function expect(job: Job, behaviours: ReadonlyMap<number, Behaviour>): Expected {
  const evaluation = new Evaluation(behaviours)
  let outcome: Expected['outcome']
  try {
    outcome = { ok: true, value: evaluation.run(job.root, 'r', job.start) }
  } catch (error) {
    if (!(error instanceof Thrown)) throw error
    outcome = { ok: false, message: error.message }
  }
  return { outcome, calls: evaluation.calls, certain: evaluation.certain }
}
