/**
 * The map of edited text: a segment per word of the user's, the mark where generated code begins, and lines as ECMAScript counts
 * them, which is what debuggers and compilers want.
 */
import type { EditedText } from './edits.ts'
import { Mappings } from './mappings.ts'
import { TextLines } from './text-lines.ts'

/** A source map, version 3, as an object. */
export interface TextMap {
  readonly version: 3
  readonly sources: readonly string[]
  readonly sourcesContent: readonly string[]
  readonly names: readonly string[]
  readonly mappings: string
}

export function sourceMap(edited: EditedText, fileName: string): TextMap {
  return { version: 3, sources: [fileName], sourcesContent: [edited.original], names: [], mappings: mappingsOf(edited) }
}

function mappingsOf({ original, code, stretches }: EditedText): string {
  const mappings = new Mappings()
  const source = new TextLines(original)
  let line = 0
  let lineStart = 0
  let here = 0
  for (let index = 0; index < stretches.length; index++) {
    const { at, origin, length } = stretches[index]!
    for (; here < at; here++) {
      if (kindOf(code.charCodeAt(here)) !== BREAK || isHalfBreak(code, here)) continue
      line++
      lineStart = here + 1
    }
    let [sourceLine, sourceColumn] = source.positionOf(origin)
    // Each sign that is no part of a word is one of its own.
    let before: number = SIGN
    for (const end = at + length; here < end; here++) {
      const unit = code.charCodeAt(here)
      const kind = kindOf(unit)
      if (kind !== BREAK && (kind === SIGN || before !== WORD)) mappings.add(line, here - lineStart, 0, sourceLine, sourceColumn)
      before = kind
      if (kind === BREAK && !isHalfBreak(code, here)) {
        line++
        lineStart = here + 1
      }
      sourceColumn++
      // A break that was replaced by a space ends a line of the source.
      const there = origin + here - at
      if (kindOf(original.charCodeAt(there)) !== BREAK || isHalfBreak(original, there)) continue
      sourceLine++
      sourceColumn = 0
    }
    const isLast = here === code.length || before === BREAK || kindOf(code.charCodeAt(here)) === BREAK
    if (!isLast && stretches[index + 1]?.at !== here) mappings.add(line, here - lineStart)
  }
  return mappings.text(line + new TextLines(code.slice(here)).starts.length - 1)
}

const SIGN = 0
const WORD = 1
const BREAK = 2

function kindOf(unit: number): number {
  if (unit < 0x80) return KINDS[unit]!
  return unit === 0x2028 || unit === 0x2029 ? BREAK : WORD
}

const KINDS = Uint8Array.from({ length: 0x80 }, (_, unit) => {
  const character = String.fromCharCode(unit)
  if (/[\n\r]/.test(character)) return BREAK
  return /[\w$]/.test(character) ? WORD : SIGN
})

/** Whether a line break is a carriage return before a line feed: the line feed ends the line. */
function isHalfBreak(text: string, at: number): boolean {
  return text.charCodeAt(at) === 13 && text.charCodeAt(at + 1) === 10
}
