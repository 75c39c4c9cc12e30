import { describe, expect, test } from 'vitest'
import { codeFrame, positionAt } from './code-frame.ts'

const source = 'one\ntwo\nthree four\nfive\r\nsix\n'

describe('positionAt', () => {
  test.each([
    [0, 1, 1],
    [3, 1, 4],
    [4, 2, 1],
    [14, 3, 7],
    [source.length, 6, 1],
  ])('offset %d is line %d, column %d', (offset, line, column) => {
    expect(positionAt(source, offset)).toEqual({ line, column })
  })

  test('counts in UTF-16 units', () => {
    expect(positionAt('a\n😀b', 4)).toEqual({ line: 2, column: 3 })
  })
})

describe('codeFrame', () => {
  test('shows two lines around and underlines the span', () => {
    expect(codeFrame(source, { start: 14, end: 18 })).toBe(
      ['  1 | one', '  2 | two', '> 3 | three four', '    |       ^^^^', '  4 | five', '  5 | six'].join('\n'),
    )
  })

  test('underlines to the end of the first line of a longer span', () => {
    expect(codeFrame(source, { start: 8, end: 23 })).toContain('> 3 | three four\n    | ^^^^^^^^^^\n')
  })

  test('aligns numbers and keeps tabs', () => {
    const lines = Array.from({ length: 12 }, (_, index) => `\tline ${index + 1}`).join('\n')
    const start = lines.indexOf('line 9')
    expect(codeFrame(lines, { start, end: start + 4 })).toBe(
      ['   7 | \tline 7', '   8 | \tline 8', '>  9 | \tline 9', '     | \t^^^^', '  10 | \tline 10', '  11 | \tline 11'].join('\n'),
    )
  })

  test('marks an empty span at the end', () => {
    expect(codeFrame('ab', { start: 2, end: 2 })).toBe('> 1 | ab\n    |   ^')
  })
})
