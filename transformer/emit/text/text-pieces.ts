/** A text cut at the places where something is done to it. The order of the pieces is the one they come out in. */
import type { Span } from '../../model/file-model.ts'

/** A stretch of the user's text in the generated text. It stands there as it was, but for a piece that was replaced, of which it is the first character. */
export interface Stretch {
  readonly at: number
  readonly origin: number
  readonly length: number
}

interface Piece extends Span {
  /** What stands in its place; undefined where it stays as it is. */
  text: string | undefined
  before: string
  behind: string
  previous: Piece | undefined
  next: Piece | undefined
}

export class TextPieces {
  readonly #source: string
  /** Of no text: what is inserted at the start of the text goes behind it. */
  readonly #head: Piece = { start: 0, end: 0, text: '', before: '', behind: '', previous: undefined, next: undefined }
  readonly #byStart = new Map<number, Piece>()
  readonly #byEnd = new Map<number, Piece>([[0, this.#head]])

  /** @param cuts places where pieces may begin or end */
  constructor(source: string, cuts: Iterable<number>) {
    this.#source = source
    let last = this.#head
    let start = 0
    for (const end of [...new Set(cuts).add(source.length)].sort((a, b) => a - b)) {
      if (end === 0) continue
      const piece: Piece = { start, end, text: undefined, before: '', behind: '', previous: last, next: undefined }
      this.#byStart.set(start, piece)
      this.#byEnd.set(end, piece)
      last.next = piece
      last = piece
      start = end
    }
  }

  /** Puts text in the place of a span; none removes it. */
  replace({ start, end }: Span, by: string): void {
    let text = by
    for (let piece = this.#startingAt(start); ; piece = this.#startingAt(piece.end)) {
      piece.text = text
      text = ''
      if (piece.end >= end) return
    }
  }

  /** Moves a span to between what ends and what starts at an offset. */
  move({ start, end }: Span, to: number): void {
    const first = this.#startingAt(start)
    const last = this.#endingAt(end)
    const behind = this.#startingAt(to)
    link(first.previous, last.next)
    link(behind.previous, first)
    link(last, behind)
  }

  /** Inserts text behind what ends at an offset and all that was inserted there; it goes where that goes. */
  insertBehind(offset: number, text: string): void {
    this.#endingAt(offset).behind += text
  }

  /** Inserts text before what starts at an offset; it goes where that goes. */
  insertBefore(offset: number, text: string): void {
    this.#startingAt(offset).before += text
  }

  joined(): { readonly code: string; readonly stretches: readonly Stretch[] } {
    let code = ''
    const stretches: Stretch[] = []
    for (let piece: Piece | undefined = this.#head; piece !== undefined; piece = piece.next) {
      code += piece.before
      const { start, end, text } = piece
      if (text === undefined) add(stretches, { at: code.length, origin: start, length: end - start })
      else if (text !== '') add(stretches, { at: code.length, origin: start, length: 1 })
      code += (text ?? this.#source.slice(start, end)) + piece.behind
    }
    return { code, stretches }
  }

  #startingAt(offset: number): Piece {
    return this.#byStart.get(offset) ?? missing(offset)
  }

  #endingAt(offset: number): Piece {
    return this.#byEnd.get(offset) ?? missing(offset)
  }
}

function link(left: Piece | undefined, right: Piece | undefined): void {
  if (left !== undefined) left.next = right
  if (right !== undefined) right.previous = left
}

/** Two that follow each other here and there are one. */
function add(stretches: Stretch[], next: Stretch): void {
  const last = stretches.at(-1)
  const continues = last !== undefined && last.at + last.length === next.at && last.origin + last.length === next.origin
  if (continues) stretches[stretches.length - 1] = { ...last, length: last.length + next.length }
  else stretches.push(next)
}

function missing(offset: number): never {
  throw new Error(`catga: the text is not cut at ${offset}. This is a defect of catga; please report it.`)
}
