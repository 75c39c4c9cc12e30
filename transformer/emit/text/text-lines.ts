/** The lines of a text as ECMAScript counts them. Made for asking in order: each answer is looked for where the last one was. */
export class TextLines {
  readonly starts: readonly number[]
  #line = 0

  constructor(text: string) {
    const starts = [0]
    const breaks = /\r\n|[\n\r\u2028\u2029]/g
    while (breaks.test(text)) starts.push(breaks.lastIndex)
    this.starts = starts
  }

  /** Line and column, from 0. */
  positionOf(offset: number): [line: number, column: number] {
    const { starts } = this
    if (offset < starts[this.#line]! || offset >= (starts[this.#line + 1] ?? Infinity)) this.#line = this.#lineOf(offset)
    return [this.#line, offset - starts[this.#line]!]
  }

  #lineOf(offset: number): number {
    let low = 0
    let high = this.starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.starts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return low
  }
}
