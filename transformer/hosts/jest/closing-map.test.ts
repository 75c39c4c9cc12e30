import { expect, test } from 'vitest'
import { SourceMap } from 'magic-string'
import { mapClosings } from './closing-map.ts'

/** What generated columns lead to: `0→1:4`, or `7×` for generated code. */
function mended(code: string, lines: readonly (readonly (readonly number[])[])[]): string {
  const mappings = (map: readonly (readonly (readonly number[])[])[]): string =>
    new SourceMap({ file: '', sources: ['a.ts'], sourcesContent: [''], names: [], mappings: map as never }).mappings
  const map = { version: 3 as const, sources: ['a.ts'], sourcesContent: [''], names: [], mappings: mappings(lines) }
  const result = mapClosings(code, map).mappings
  return result === map.mappings ? 'as it was' : result
}

const encoded = (lines: readonly (readonly (readonly number[])[])[]): string =>
  new SourceMap({ file: '', sources: ['a.ts'], sourcesContent: [''], names: [], mappings: lines as never }).mappings

test('brackets that close the user’s code lead to it, and what follows them stays generated', () => {
  const before = [[[0, 0, 0, 4], [5]]]
  expect(mended('call(]); break', before)).toBe(encoded([[[0, 0, 0, 4], [9]]]))
  expect(mended('call(]);', before)).toBe(encoded([[[0, 0, 0, 4]]]))
})

test('a line of closings alone leads to the user’s code before it', () => {
  expect(mended('call([\n  ]);', [[[0, 0, 3, 1]], []])).toBe(encoded([[[0, 0, 3, 1]], [[2, 0, 3, 1]]]))
})

test('generated statements stay without a place', () => {
  expect(mended('a\nif (!$c.runs) return\n  }\nb', [[], [], [], [[0, 0, 1, 0]]])).toBe('as it was')
  expect(mended('a $c.close()', [[[0, 0, 0, 0], [2]]])).toBe('as it was')
})
