import type { Span } from '../../model/file-model.ts'

const LINE_BREAKS = /\r\n|[\n\r\u2028\u2029]/g
const SPACE = /\s/
const WORD = /[\p{ID_Continue}$\u200C\u200D]/u

/** The source with its comments, which may stand between any two tokens. */
export class SourceText {
  readonly text: string
  readonly #comments: readonly Span[]
  readonly #commentAt: ReadonlyMap<number, Span>
  readonly #commentBefore: ReadonlyMap<number, Span>

  constructor(text: string, comments: readonly Span[]) {
    this.text = text
    this.#comments = comments
    this.#commentAt = new Map(comments.map((comment) => [comment.start, comment]))
    this.#commentBefore = new Map(comments.map((comment) => [comment.end, comment]))
  }

  /** Where the next token at or after an offset starts. */
  tokenFrom(offset: number): number {
    let at = offset
    for (;;) {
      const comment = this.#commentAt.get(at)
      if (comment !== undefined) at = comment.end
      else if (at < this.text.length && SPACE.test(this.text.charAt(at))) at++
      else return at
    }
  }

  /** Where the last token at or before an offset ends. */
  tokenBefore(offset: number): number {
    let at = offset
    for (;;) {
      const comment = this.#commentBefore.get(at)
      if (comment !== undefined) at = comment.start
      else if (at > 0 && SPACE.test(this.text.charAt(at - 1))) at--
      else return at
    }
  }

  /** An expression with the parentheses around it: not every parser calls them part of an arrow's body. */
  withParentheses({ start, end }: Span): Span {
    const from = this.tokenBefore(start)
    const to = this.tokenFrom(end)
    const enclosed = this.text.charAt(from - 1) === '(' && this.text.charAt(to) === ')'
    return enclosed ? this.withParentheses({ start: from - 1, end: to + 1 }) : { start, end }
  }

  commentsIn({ start, end }: Span): readonly Span[] {
    return this.#comments.filter((comment) => start <= comment.start && comment.end <= end)
  }

  /** What stays where code was removed: its comments, and its line breaks, so that every other token keeps its line. */
  residue(span: Span): string {
    let left = ''
    let at = span.start
    for (const comment of this.commentsIn(span)) {
      left += lineBreaks(this.text.slice(at, comment.start)) + this.text.slice(comment.start, comment.end)
      at = comment.end
    }
    left += lineBreaks(this.text.slice(at, span.end))
    return left === '' && this.#separates(span) ? ' ' : left
  }

  /** Whether the character before an offset would grow together with a word put there. */
  endsWord(offset: number): boolean {
    return offset > 0 && isWord(this.text, offset - 1)
  }

  #separates({ start, end }: Span): boolean {
    return this.endsWord(start) && isWord(this.text, end)
  }
}

function isWord(text: string, offset: number): boolean {
  const code = text.charCodeAt(offset)
  // Half of a surrogate pair outside strings and comments is part of a name.
  return WORD.test(text.charAt(offset)) || (code >= 0xd800 && code <= 0xdfff)
}

/** The line breaks of a text, one after the other. */
export function lineBreaks(text: string): string {
  return (text.match(LINE_BREAKS) ?? []).join('')
}
