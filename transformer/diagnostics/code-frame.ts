import type { Span } from '../model/file-model.ts'

export interface Position {
  /** 1-based. */
  readonly line: number
  /** 1-based, in UTF-16 units. */
  readonly column: number
}

export function positionAt(source: string, offset: number): Position {
  let line = 1
  let lineStart = 0
  for (let next = source.indexOf('\n'); next !== -1 && next < offset; next = source.indexOf('\n', next + 1)) {
    line++
    lineStart = next + 1
  }
  return { line, column: offset - lineStart + 1 }
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
