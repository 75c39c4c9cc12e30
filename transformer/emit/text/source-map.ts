/**
 * The map of edited text. magic-string maps each character that is the user's and counts lines by line feeds; what
 * debuggers and compilers want is a segment per word, the mark where generated code begins, and lines as ECMAScript
 * counts them.
 */
import type MagicString from 'magic-string'
import { SourceMap } from 'magic-string'

/** Positions in the generated text that the user's text, or nothing (`undefined`), begins at. */
interface Mark {
  readonly at: number
  readonly origin: number | undefined
}

/** A source map, version 3, as an object. */
export interface TextMap {
  readonly version: 3
  readonly sources: readonly string[]
  readonly sourcesContent: readonly string[]
  readonly names: readonly string[]
  readonly mappings: string
}

export function sourceMap(edited: MagicString, fileName: string): TextMap {
  const { original } = edited
  const code = edited.toString()
  const codeLines = new Lines(code)
  const sourceLines = new Lines(original)
  const mappings: [number, number?, number?, number?][][] = codeLines.starts.map(() => [])
  for (const { at, origin } of marks(edited, code)) {
    const [line, column] = codeLines.positionOf(at)
    const from = origin === undefined ? undefined : sourceLines.positionOf(origin)
    mappings[line]!.push(from === undefined ? [column] : [column, 0, ...from])
  }
  const map = new SourceMap({ file: fileName, sources: [fileName], sourcesContent: [original], names: [], mappings: mappings as never })
  return { version: 3, sources: [fileName], sourcesContent: [original], names: [], mappings: map.mappings }
}

function marks(edited: MagicString, code: string): Mark[] {
  const { original } = edited
  const codeFeeds = lineFeeds(code)
  const sourceFeeds = lineFeeds(original)
  const origins = new Map<number, number>()
  for (const [line, segments] of edited.generateDecodedMap({ hires: true }).mappings.entries()) {
    for (const [column, , sourceLine, sourceColumn] of segments) {
      if (sourceLine !== undefined) origins.set(codeFeeds[line]! + column, sourceFeeds[sourceLine]! + sourceColumn!)
    }
  }
  const found: Mark[] = []
  let previous: number | undefined
  for (let at = 0; at < code.length; at++) {
    const isBreak = /[\n\r\u2028\u2029]/.test(code[at]!)
    // The one before the break ends with its line.
    if (isBreak) previous = undefined
    if (isBreak) continue
    const origin = origins.get(at)
    const isLineStart = at === 0 || /[\n\r\u2028\u2029]/.test(code[at - 1]!)
    const continues = origin !== undefined && previous !== undefined && origin === previous + 1
    if (isLineStart ? origin !== undefined : !continues && (origin !== undefined || previous !== undefined)) found.push({ at, origin })
    else if (continues && isWordStart(code, at)) found.push({ at, origin })
    previous = origin
  }
  return found
}

/** Where one kind of characters ends and another begins; each sign that is no part of a word is one of its own. */
function isWordStart(code: string, at: number): boolean {
  const word = /[\w$\u0080-\uffff]/
  return !word.test(code[at]!) || !word.test(code[at - 1]!)
}

function lineFeeds(text: string): readonly number[] {
  return [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)]
}

class Lines {
  readonly starts: readonly number[]

  constructor(text: string) {
    this.starts = [0, ...Array.from(text.matchAll(/\r\n|[\n\r\u2028\u2029]/g), ({ index, 0: found }) => index + found.length)]
  }

  positionOf(offset: number): [line: number, column: number] {
    let low = 0
    let high = this.starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.starts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return [low, offset - this.starts[low]!]
  }
}
