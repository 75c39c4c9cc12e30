/**
 * Times several sides of a comparison in turn, so that what else the machine does meets all of them alike.
 *
 * Work that only computes is timed in CPU time of the whole OS process, collector and compiler threads included: on a machine
 * that others use too, wall time says how busy they are. Work that waits is timed by the wall clock.
 */

/** A quick run checks that a benchmark works; its figures mean nothing. */
export const quick = process.env['CATGA_BENCH_QUICK'] === '1'

/** `full` in a real run, `small` in a quick one. */
export function sized(full: number, small: number): number {
  return quick ? small : full
}

export interface Side {
  readonly name: string
  /** Does one slice of work and answers how many units it was. */
  readonly run: () => Promise<number> | number
}

export type TimeOf = 'cpu' | 'wall'

/** Nanoseconds per unit, one number for each round. */
export interface Timing {
  readonly name: string
  readonly rounds: readonly number[]
}

/** Runs every side once a round, each round beginning with another side, and leaves the first rounds out. */
export async function alternate(
  sides: readonly Side[],
  options: { readonly rounds: number; readonly warmup: number; readonly time: TimeOf },
): Promise<readonly Timing[]> {
  const timings = sides.map(({ name }) => ({ name, rounds: [] as number[] }))
  for (let round = -options.warmup; round < options.rounds; round++) {
    for (let turn = 0; turn < sides.length; turn++) {
      const index = (turn + Math.max(0, round)) % sides.length
      const began = nanoseconds(options.time)
      const units = await sides[index]!.run()
      const perUnit = (nanoseconds(options.time) - began) / units
      if (round >= 0) timings[index]!.rounds.push(perUnit)
    }
  }
  return timings
}

function nanoseconds(time: TimeOf): number {
  if (time === 'wall') return performance.now() * 1e6
  const { user, system } = process.cpuUsage()
  return (user + system) * 1000
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN
}

/** Median over the rounds of what one side costs more than the other in the same round. */
export function medianDifference(more: Timing, less: Timing): number {
  return median(more.rounds.map((value, round) => value - less.rounds[round]!))
}

/** Median over the rounds of one side's time over the other's in the same round. */
export function medianRatio(over: Timing, under: Timing): number {
  return median(over.rounds.map((value, round) => value / under.rounds[round]!))
}
