/**
 * A seed decides everything: run twice, it gives the same events in the same order. With `CATGA_SEED` set, that seed is
 * replayed and its events are printed.
 */
import { expect, test } from 'vitest'
import { simulate } from './simulation.ts'

const given = process.env['CATGA_SEED']
const seeds = given === undefined ? Array.from({ length: 150 }, (_, i) => 1_000_000 + i * 7) : given.split(',').map(Number)

test(`${given === undefined ? 'seeds replay' : `seed ${given} replays`} to the same events`, async () => {
  for (const seed of seeds) {
    const first = await simulate(seed, { keepLog: given !== undefined })
    if (first.lines !== undefined) console.log([`seed ${seed}`, ...first.lines, first.counters, ...first.violations].join('\n'))
    const second = await simulate(seed)
    expect(second.hash, `seed ${seed}`).toBe(first.hash)
    expect(second.ends).toEqual(first.ends)
    expect(first.violations, `seed ${seed}`).toEqual([])
  }
}, 120_000)

test('seeds differ from one another', async () => {
  const hashes = new Set<string>()
  for (let seed = 0; seed < 50; seed++) hashes.add((await simulate(seed)).hash)
  expect(hashes.size).toBe(50)
}, 60_000)
