/**
 * Coverage counts a statement only where its end leads to the source as well as its beginning. Where generated code closes what the
 * user's code began, as the `])` of a call, the end would lead nowhere and the user's statement would not be counted. So brackets and
 * semicolons that close lead to the user's code before them. Nothing generated begins with one, so no generated statement gets a place.
 */
import remapping from '@jridgewell/remapping'
import { type DecodedSegment as Segment, encodeMappings } from '../../emit/text/mappings.ts'
import type { TextMap } from '../../emit/text/source-map.ts'

type MappedLine = readonly Segment[]

const CLOSING_START = /^[)\]};,\s]+/
const CLOSING_LINE = /^\s*[)\]}]+[;,]?\s*$/

/** @param code that the map is of */
export function mapClosings(code: string, map: TextMap): TextMap {
  const decoded = remapping(map as never, () => null, { decodedMappings: true }).mappings as unknown as readonly MappedLine[]
  let last: Segment | undefined
  const lines = code.split('\n').map((text, line) => {
    const segments = withoutClosingMarks(text, decoded[line] ?? [])
    const mapped = segments.findLast(isMapped)
    if (mapped !== undefined) last = mapped
    if (mapped !== undefined || last === undefined || !CLOSING_LINE.test(text)) return segments
    return [[text.search(/\S/), ...last.slice(1)] as const]
  })
  return { ...map, mappings: encodeMappings(lines) }
}

/** Drops the marks "generated from here on" after the user's code that only closings follow; others begin after the closings. */
function withoutClosingMarks(text: string, segments: MappedLine): MappedLine {
  const first = segments.findIndex(isMapped)
  return segments.flatMap((segment, index) => {
    if (isMapped(segment) || first === -1 || index < first) return [segment]
    const piece = text.slice(segment[0], segments[index + 1]?.[0] ?? text.length)
    const closing = CLOSING_START.exec(piece)?.[0].length ?? 0
    if (closing === 0) return [segment]
    return closing === piece.length ? [] : [[(segment[0] ?? 0) + closing]]
  })
}

function isMapped(segment: Segment): boolean {
  return segment.length > 1
}
