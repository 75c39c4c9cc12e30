/**
 * Keeps of numbers the longest run that never falls, and leaves the rest out. Tools move code up, decorators for one: what they moved
 * must not draw all that follows to its place.
 */
export function inOrder(numbers: readonly (number | undefined)[]): readonly (number | undefined)[] {
  /** Index of the last member of the best run of each length, and of each member the one before it. */
  const ends: number[] = []
  const before = new Map<number, number | undefined>()
  for (const [index, number] of numbers.entries()) {
    if (number === undefined) continue
    let low = 0
    let high = ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((numbers[ends[middle] ?? 0] ?? 0) <= number) low = middle + 1
      else high = middle
    }
    before.set(index, ends[low - 1])
    ends[low] = index
  }
  const kept = new Set<number>()
  for (let index = ends.at(-1); index !== undefined; index = before.get(index)) kept.add(index)
  return numbers.map((number, index) => (kept.has(index) ? number : undefined))
}
