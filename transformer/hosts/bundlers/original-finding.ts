/**
 * Other plugins may have edited a module before we see it. What we find is shown where the user wrote it, as far as their map leads
 * there and holds the user's text.
 */
import remapping from '@jridgewell/remapping'
import { type Position, positionAt } from '../../diagnostics/code-frame.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { MapInput } from '../../emit/text/compose-maps.ts'
import { type DecodedSegment, encodeMappings } from '../../emit/text/mappings.ts'

/** A finding, and the text that its span is in. */
export interface FindingInText {
  readonly diagnostic: Diagnostic
  readonly text: string
}

/** @param map from the text to what the user wrote */
export function originalFinding({ diagnostic, text }: FindingInText, map: MapInput): FindingInText {
  const { start, end } = diagnostic.span
  const first = originalOffset(positionAt(text, start), map)
  if (first === undefined || first.text === text) return { diagnostic, text }
  const last = originalOffset(positionAt(text, end - 1), map)
  const reached = last !== undefined && last.offset >= first.offset ? last.offset : first.offset
  return { diagnostic: { ...diagnostic, span: { start: first.offset, end: reached + 1 } }, text: first.text }
}

function originalOffset({ line, column }: Position, map: MapInput): { readonly text: string; readonly offset: number } | undefined {
  const mappings = [...Array.from({ length: line - 1 }, () => []), [[column - 1, 0, line - 1, column - 1] as const]]
  const place = { version: 3, sources: ['module'], names: [], mappings: encodeMappings(mappings) }
  const composed = remapping([place, map] as never, () => null, { decodedMappings: true })
  const [, , originalLine, originalColumn] =
    ((composed.mappings as unknown as readonly (readonly DecodedSegment[])[])[line - 1] ?? [])[0] ?? []
  const text = composed.sourcesContent?.[0]
  if (originalLine === undefined || originalColumn === undefined || !text) return undefined
  return { text, offset: offsetAt(text, originalLine, originalColumn) }
}

/** @param line from 0, as the column */
function offsetAt(text: string, line: number, column: number): number {
  let start = 0
  for (let passed = 0; passed < line; passed++) start = text.indexOf('\n', start) + 1
  return start + column
}
