/**
 * Collects what is to be done to a text, and does it.
 *
 * Invariants
 * 1. The order in which edits are asked for does not matter. At one offset, what ends there is closed first, the
 *    innermost before the outer; then what starts there is opened, the outermost before the inner.
 * 2. Inserted text has no line break, so every token of the user's stays on its line.
 */
import type { Span } from '../../model/file-model.ts'
import { type Stretch, TextPieces } from './text-pieces.ts'

interface Insertion {
  readonly at: number
  readonly side: 'close' | 'open'
  /** What is opened or closed here: decides the order of insertions at one offset. */
  readonly of: Span
  readonly text: string
}

interface Replacement extends Span {
  readonly text: string
}

/** A text to which edits were made. */
export interface EditedText {
  readonly original: string
  readonly code: string
  /** What of the original is in it, in the order of the code. */
  readonly stretches: readonly Stretch[]
}

export class Edits {
  readonly #insertions: Insertion[] = []
  readonly #replacements: Replacement[] = []
  readonly #moves: { readonly span: Span; readonly to: number; readonly behind: string }[] = []
  readonly #terminated = new Set<number>()

  /** Inserts what goes before a construct, or after the bracket that it starts with. */
  open(at: number, text: string, of: Span): void {
    this.#insertions.push({ at, side: 'open', of, text })
  }

  /** Inserts what goes behind a construct, or before the bracket that it ends with. */
  close(at: number, text: string, of: Span): void {
    this.#insertions.push({ at, side: 'close', of, text })
  }

  /** Ends a statement or member with a semicolon, however many ask. */
  terminate(of: Span): void {
    if (this.#terminated.has(of.end)) return
    this.#terminated.add(of.end)
    this.close(of.end, ';', of)
  }

  /** Puts generated text in the place of the user's; its first character maps to where the user's was. */
  replace({ start, end }: Span, text: string): void {
    this.#replacements.push({ start, end, text })
  }

  /** Removes text, leaving something unmapped in its place. */
  remove(span: Span, left: string): void {
    if (span.start === span.end) return
    this.#replacements.push({ start: span.start, end: span.end, text: '' })
    if (left !== '') this.open(span.start, left, span)
  }

  /** Moves text to an offset, behind what is inserted there and before `behind`. */
  move(span: Span, to: number, behind: string): void {
    this.#moves.push({ span, to, behind })
  }

  apply(source: string): EditedText {
    const pieces = new TextPieces(source, this.#cuts())
    for (const replacement of this.#replacements) {
      if (replacement.text !== '') pieces.replace(replacement, replacement.text)
      else for (const rest of this.#withoutMoved(replacement)) pieces.replace(rest, '')
    }
    for (const { span, to } of this.#moves) pieces.move(span, to)
    for (const { at, text } of this.#insertions.sort(inOrder)) pieces.insertBehind(at, text)
    for (const { to, behind } of this.#moves) pieces.insertBefore(to, behind)
    return { original: source, ...pieces.joined() }
  }

  *#cuts(): Iterable<number> {
    for (const { start, end } of this.#replacements) yield* [start, end]
    for (const { span, to } of this.#moves) yield* [span.start, span.end, to]
    for (const { at } of this.#insertions) yield at
  }

  /** What moves away is not removed with what was around it. */
  #withoutMoved({ start, end }: Span): readonly Span[] {
    const moved = this.#moves.find(({ span }) => start <= span.start && span.end <= end)?.span
    if (moved === undefined) return [{ start, end }]
    const around = [
      { start, end: moved.start },
      { start: moved.end, end },
    ]
    return around.filter((rest) => rest.start < rest.end)
  }
}

function inOrder(a: Insertion, b: Insertion): number {
  if (a.at !== b.at) return a.at - b.at
  if (a.side !== b.side) return a.side === 'close' ? -1 : 1
  if (a.side === 'close') return b.of.start - a.of.start || a.of.end - b.of.end
  return b.of.end - a.of.end || a.of.start - b.of.start
}
