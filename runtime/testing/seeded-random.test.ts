import { expect, test } from 'vitest'
import { SeededRandom } from './seeded-random.ts'

test('the same seed gives the same numbers, for good', () => {
  const random = new SeededRandom(1)
  expect([random.uint32(), random.uint32(), random.below(10), random.pick(['a', 'b', 'c']), random.fork().uint32()]).toMatchInlineSnapshot(`
    [
      1580013426,
      350525680,
      8,
      "c",
      3678599181,
    ]
  `)
})

test('other seeds give other numbers', () => {
  expect(new Set(Array.from({ length: 1000 }, (_, seed) => new SeededRandom(seed).uint32())).size).toBe(1000)
})

test('numbers are spread evenly', () => {
  const random = new SeededRandom(7)
  const counts = Array.from({ length: 10 }, () => 0)
  for (let i = 0; i < 100_000; i++) counts[random.below(10)]! += 1
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
  expect(Array.from({ length: 10_000 }, () => random.chance(0.25)).filter(Boolean).length).toBeGreaterThan(2300)
})

test('nothing can be picked from nothing', () => {
  expect(() => new SeededRandom(1).pick([])).toThrow(RangeError)
})
