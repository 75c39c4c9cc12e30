import type { Span } from '../model/file-model.ts'

export interface Position {
  /** 1-based. */
  readonly line: number
  /** 1-based, in UTF-16 units. */
  readonly column: number
}

export function positionAt(source: string, offset: number): Position {
  const starts = lineStarts(source)
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: offset - starts[low]! + 1 }
}

/** Of the text that was asked about last: many places of one file are asked for, one after the other. */
let last: { readonly source: string; readonly starts: readonly number[] } = { source: '', starts: [0] }

function lineStarts(source: string): readonly number[] {
  if (last.source === source) return last.starts
  const starts = [0]
  for (let feed = source.indexOf('\n'); feed !== -1; feed = source.indexOf('\n', feed + 1)) starts.push(feed + 1)
  last = { source, starts }
  return starts
}

const CONTEXT_LINES = 2

/**
 * The lines around a span with the span's first line underlined, as plain text:
 *
 * ```text
 *   3 |   async execute() {
 * > 4 |     this.ship()
 *     |     ^^^^^^^^^^^
 * ```
 */
export function codeFrame(source: string, span: Span): string {
  const lines = source.split(/\r?\n/)
  const { line, column } = positionAt(source, span.start)
  const last = Math.min(lines.length, line + CONTEXT_LINES)
  const width = String(last).length
  const frame: string[] = []
  for (let number = Math.max(1, line - CONTEXT_LINES); number <= last; number++) {
    const text = lines[number - 1] ?? ''
    const marked = number === line
    frame.push(`${marked ? '>' : ' '} ${String(number).padStart(width)} | ${text}`.trimEnd())
    if (!marked) continue
    const length = Math.max(1, Math.min(span.end - span.start, text.length - column + 1))
    // Tabs are kept, so that the marks stand under the text however wide a tab is shown.
    const indent = text.slice(0, column - 1).replace(/[^\t]/g, ' ')
    frame.push(`  ${' '.repeat(width)} | ${indent}${'^'.repeat(length)}`)
  }
  return frame.join('\n')
}
