/** A binary heap that hands out the item with the smallest key first. */
export class MinHeap<T> {
  readonly #keys: number[] = []
  readonly #items: T[] = []

  get size(): number {
    return this.#items.length
  }

  /** Smallest key, or `Infinity` when empty. */
  get leastKey(): number {
    return this.#keys[0] ?? Infinity
  }

  get least(): T | undefined {
    return this.#items[0]
  }

  push(key: number, item: T): void {
    const keys = this.#keys
    const items = this.#items
    let at = items.length
    while (at > 0) {
      const parent = (at - 1) >> 1
      const parentKey = keys[parent] as number
      if (parentKey <= key) break
      keys[at] = parentKey
      items[at] = items[parent] as T
      at = parent
    }
    keys[at] = key
    items[at] = item
  }

  pop(): T | undefined {
    const keys = this.#keys
    const items = this.#items
    const least = items[0]
    const lastKey = keys.pop()
    const last = items.pop()
    if (lastKey === undefined || keys.length === 0) return least
    const size = keys.length
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= size) break
      if (child + 1 < size && (keys[child + 1] as number) < (keys[child] as number)) child++
      if ((keys[child] as number) >= lastKey) break
      keys[at] = keys[child] as number
      items[at] = items[child] as T
      at = child
    }
    keys[at] = lastKey
    items[at] = last as T
    return least
  }
}
