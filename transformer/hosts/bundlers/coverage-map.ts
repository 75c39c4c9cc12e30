/**
 * Coverage is counted on compiled code and carried back by the map: a branch, function or statement is where its first and last
 * characters are. Where we put a block around the user's code the first is our brace, which leads nowhere, and the branch would be
 * lost. So a brace that opens a block leads to what the block begins with, where no debugger stops; and what stands for a
 * `return` leads there as a whole. All other generated code stays unmapped, and is not counted.
 */
import remapping from '@jridgewell/remapping'
import { encodeMappings } from '../../emit/text/mappings.ts'
import type { TextMap } from '../../emit/text/source-map.ts'

type MappedSegment = readonly [start: number, source: number, line: number, column: number]
type Segment = readonly [start: number] | MappedSegment

export function coverageMap(map: TextMap, code: string): TextMap {
  const mappings = remapping(map as never, () => null, { decodedMappings: true }).mappings as readonly (readonly Segment[])[]
  const lines = code.split(/\r\n|[\n\r\u2028\u2029]/)
  const withMarks = mappings.map((segments, line) => withBraces(segments, lines[line] ?? ''))
  return { ...map, mappings: encodeMappings(withMarks) }
}

function withBraces(segments: readonly Segment[], line: string): readonly Segment[] {
  return segments.flatMap((segment, index) => {
    if (isMapped(segment)) return [segment]
    const [start] = segment
    const next = segments[index + 1]
    const generated = line.slice(start, next?.[0])
    return mapped(generated, start, next).filter(([at]) => at !== next?.[0])
  })
}

/** `{ …` before the user's code, and `break $b;`, whose first character is mapped already. */
function mapped(generated: string, start: number, next: Segment | undefined): readonly Segment[] {
  const leaving = /^reak \$b\d*;/.exec(generated)?.[0].length
  if (leaving !== undefined) return [[start + leaving]]
  const brace = /^\s*\{/.exec(generated)?.[0].length
  if (brace === undefined || next === undefined || !isMapped(next)) return [[start]]
  const [, source, line, column] = next
  return [[start + brace - 1, source, line, column], [start + brace]]
}

function isMapped(segment: Segment): segment is MappedSegment {
  return segment.length > 1
}
