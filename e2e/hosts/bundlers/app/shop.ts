export interface Item {
  readonly sku: string
  readonly price: number
}

export class Shop {
  readonly released: string[] = []

  reserve(count: number, attempt: number): string {
    return `${count} reserved in attempt ${attempt}`
  }

  release(reservation: string): void {
    this.released.push(reservation)
  }
}
