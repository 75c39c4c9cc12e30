/**
 * The map of edited text. magic-string maps each character that is the user's and counts lines by line feeds; what
 * debuggers and compilers want is a segment per word, the mark where generated code begins, and lines as ECMAScript
 * counts them. So magic-string is asked only for where stretches of the user's text begin, which is cheap.
 */
import { SourceMap } from 'magic-string'
import type { EditedText } from './edits.ts'
import { TextLines } from './text-lines.ts'

/** A stretch of the user's text that stands in the generated text as it was, with no line feed in it. */
interface Stretch {
  readonly at: number
  readonly origin: number
  readonly length: number
}

type Segment = [column: number, source?: number, line?: number, sourceColumn?: number]

/** A source map, version 3, as an object. */
export interface TextMap {
  readonly version: 3
  readonly sources: readonly string[]
  readonly sourcesContent: readonly string[]
  readonly names: readonly string[]
  readonly mappings: string
}

export function sourceMap(edited: EditedText, fileName: string): TextMap {
  const { original } = edited
  const mappings = segments(edited) as never
  const map = new SourceMap({ file: fileName, sources: [fileName], sourcesContent: [original], names: [], mappings })
  return { version: 3, sources: [fileName], sourcesContent: [original], names: [], mappings: map.mappings }
}

function segments(edited: EditedText): Segment[][] {
  const { original, code } = edited
  const codeLines = new TextLines(code)
  const sourceLines = new TextLines(original)
  const lines: Segment[][] = codeLines.starts.map(() => [])
  const stretches = joined(stretchesOf(edited))
  for (const [index, { at, origin, length }] of stretches.entries()) {
    const end = at + length
    for (let here = at; here < end; here++) {
      if (isBreak(code.charCodeAt(here)) || !(here === at || isStart(code, here))) continue
      const [line, column] = codeLines.positionOf(here)
      lines[line]!.push([column, 0, ...sourceLines.positionOf(origin + here - at)])
    }
    const isLast = end === code.length || isBreak(code.charCodeAt(end)) || isBreak(code.charCodeAt(end - 1))
    if (isLast || stretches[index + 1]?.at === end) continue
    const [line, column] = codeLines.positionOf(end)
    lines[line]!.push([column])
  }
  return lines
}

/** Each goes on until something was done to the text, or its line ends. */
function stretchesOf({ text, original, code, splits, replaced }: EditedText): Stretch[] {
  const codeFeeds = lineFeeds(code)
  const sourceFeeds = lineFeeds(original)
  const found: Stretch[] = []
  let split = 0
  for (const [line, segments] of text.generateDecodedMap().mappings.entries()) {
    for (const [column, , sourceLine, sourceColumn] of segments) {
      if (sourceLine === undefined) continue
      const origin = sourceFeeds[sourceLine]! + sourceColumn!
      // What was moved is met out of order.
      if (origin < (splits[split - 1] ?? 0)) split = 0
      while (splits[split]! <= origin) split++
      const end = Math.min(splits[split] ?? original.length, (sourceFeeds[sourceLine + 1] ?? original.length + 1) - 1)
      found.push({ at: codeFeeds[line]! + column, origin, length: replaced.has(origin) ? 1 : end - origin })
    }
  }
  return found
}

/** Two that follow each other here and there are one. */
function joined(stretches: readonly Stretch[]): readonly Stretch[] {
  const found: Stretch[] = []
  for (const next of stretches) {
    const last = found.at(-1)
    const continues = last !== undefined && last.at + last.length === next.at && last.origin + last.length === next.origin
    if (continues) found[found.length - 1] = { ...last, length: last.length + next.length }
    else found.push(next)
  }
  return found
}

/** Where a line begins, or one kind of characters ends and another begins; each sign that is no part of a word is one of its own. */
function isStart(code: string, at: number): boolean {
  return !isWord(code.charCodeAt(at)) || !isWord(code.charCodeAt(at - 1))
}

function isWord(unit: number): boolean {
  if (unit < 0x80)
    return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || (unit >= 48 && unit <= 57) || unit === 95 || unit === 36
  return !isBreak(unit)
}

function isBreak(unit: number): boolean {
  return unit === 10 || unit === 13 || unit === 0x2028 || unit === 0x2029
}

function lineFeeds(text: string): readonly number[] {
  const starts = [0]
  for (let feed = text.indexOf('\n'); feed !== -1; feed = text.indexOf('\n', feed + 1)) starts.push(feed + 1)
  return starts
}
