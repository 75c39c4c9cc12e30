import { expect, test } from 'vitest'
import { inOrder } from './in-order.ts'

test.each([
  [[], []],
  [
    [1, 2, undefined, 2, 3],
    [1, 2, undefined, 2, 3],
  ],
  [
    [1, 30, 2, 3, 4, 5],
    [1, undefined, 2, 3, 4, 5],
  ],
  [
    [7, 8, 1, 2, 3, 9],
    [undefined, undefined, 1, 2, 3, 9],
  ],
])('%j', (numbers, kept) => {
  expect(inOrder(numbers)).toEqual(kept)
})
