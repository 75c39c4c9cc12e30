import { expect, test } from 'vitest'
import { SeededRandom } from '../testing/seeded-random.ts'
import { MinHeap } from './min-heap.ts'

test('hands out what was pushed, smallest key first', () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = new SeededRandom(seed)
    const heap = new MinHeap<number>()
    const held: number[] = []
    for (let i = 0; i < 100; i++) {
      if (random.chance(0.6)) {
        const key = random.below(50)
        heap.push(key, key)
        held.push(key)
      } else {
        held.sort((a, b) => a - b)
        expect(heap.leastKey).toBe(held[0] ?? Infinity)
        expect(heap.pop()).toBe(held.shift())
      }
    }
    expect(heap.size).toBe(held.length)
  }
})
