import type { Order } from './app/order-process.ts'

const ITEMS = ['lamp', 'vase', 'desk'] as const

/** One order of each kind there is, over and over: loops of 1 to 3, 1 to 3 items, both branches, and every fourth refused. */
export function orderNumber(number: number): Order {
  return {
    id: `order-${number}`,
    instalments: 1 + (number % 3),
    items: ITEMS.slice(0, 1 + ((number + 1) % 3)),
    fragile: number % 2 === 0 ? ['vase'] : ['lamp'],
    express: number % 5 < 2,
    refused: number % 4 === 3,
  }
}
