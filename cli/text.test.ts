import { describe, expect, test } from 'vitest'
import { toJson } from './json.ts'
import { createPaint, printable } from './paint.ts'
import { table, width } from './table.ts'
import { offset, span, timestamp } from './when.ts'

describe('printable', () => {
  test('leaves text of any script alone', () => {
    expect(printable('Köln 東京 🚚')).toBe('Köln 東京 🚚')
  })

  test('escapes what could take a terminal over, and what terminals cannot show', () => {
    expect(printable('a\u001B[2Jb\nc\u202Ed\uD800')).toBe(String.raw`a\u{1b}[2Jb\nc\u{202e}d\u{d800}`)
  })
})

describe('table', () => {
  test('lines columns up before painting, wide characters counted double', () => {
    const paint = createPaint('colour')
    const lines = table(
      [
        { title: 'ID', cell: (row: { id: string; n: number }) => row.id, paint: (text) => paint.bold(text) },
        { title: 'N', cell: ({ n }) => String(n), align: 'right' },
      ],
      [
        { id: '東京', n: 7 },
        { id: 'abc', n: 12 },
      ],
      (text) => text,
    )
    expect(lines).toEqual(['ID     N', '\u001B[1m東京\u001B[22m   7', '\u001B[1mabc\u001B[22m   12'])
    expect(width('東京a')).toBe(5)
  })
})

describe('times', () => {
  test('spans use the largest unit of which there are two', () => {
    expect([0, 1999, 2000, 119_999, 120_000, 7_200_000, 172_800_000].map((ms) => span(ms))).toEqual([
      '0 ms',
      '1999 ms',
      '2 s',
      '119 s',
      '2 min',
      '2 h',
      '2 d',
    ])
  })

  test('offsets grow coarser', () => {
    expect([0, 340, 1240, 200_000, 3_720_000].map((ms) => offset(ms))).toEqual(['+0 ms', '+340 ms', '+1.2 s', '+3 min 20 s', '+1 h 2 min'])
  })

  test('timestamps are UTC, and a time no calendar has is said to be so', () => {
    expect(timestamp(0)).toBe('1970-01-01 00:00:00.000Z')
    expect(timestamp(Number.NaN)).toBe('an invalid time')
  })
})

describe('toJson', () => {
  test('keeps every kind of value recognisable', () => {
    const value = {
      big: 5n,
      at: new Date(0),
      bytes: new Uint8Array([1, 2]),
      map: new Map([['a', new Set([1])]]),
      nothing: undefined,
      none: null,
      nan: Number.NaN,
    }
    expect(JSON.parse(JSON.stringify(toJson(value)))).toEqual({
      big: '5',
      at: '1970-01-01T00:00:00.000Z',
      bytes: { base64: 'AQI=' },
      map: [['a', [1]]],
      nothing: 'undefined',
      none: null,
      nan: 'NaN',
    })
  })
})
