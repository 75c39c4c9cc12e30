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
  const nextCharacter = (): void => {
    if (!endsLine(code, here++)) return
    line++
    lineStart = here
  }
  for (const [index, { at, origin, length }] of stretches.entries()) {
    while (here < at) nextCharacter()
    let [sourceLine, sourceColumn] = source.positionOf(origin)
    for (const end = at + length; here < end; nextCharacter()) {
      if (!isBreak(code.charCodeAt(here)) && (here === at || isStart(code, here))) {
        mappings.add(line, here - lineStart, 0, sourceLine, sourceColumn)
      }
      sourceColumn++
      if (!endsLine(original, origin + here - at)) continue
      sourceLine++
      sourceColumn = 0
    }
    const isLast = here === code.length || isBreak(code.charCodeAt(here)) || isBreak(code.charCodeAt(here - 1))
    if (!isLast && stretches[index + 1]?.at !== here) mappings.add(line, here - lineStart)
  }
  while (here < code.length) nextCharacter()
  return mappings.text(line)
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

/** A carriage return before a line feed ends nothing: the line feed does. */
function endsLine(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return isBreak(unit) && !(unit === 13 && text.charCodeAt(at + 1) === 10)
}
