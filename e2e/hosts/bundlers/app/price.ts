import type { Item } from './shop.ts'

export function total(items: readonly Item[]): number {
  return items.reduce((sum, { price }) => sum + price, 0)
}
