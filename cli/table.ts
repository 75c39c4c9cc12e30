/** Lines up rows in columns two spaces apart. Widths are counted before painting, so colour never shifts a column. */

export interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row) => string
  readonly paint?: (text: string, row: Row) => string
  readonly align?: 'left' | 'right'
}

export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], paintTitle: (text: string) => string): readonly string[] {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)))
  const widths = columns.map((column, index) => Math.max(width(column.title), ...cells.map((line) => width(line[index] ?? ''))))
  const line = (texts: readonly string[], paint: (text: string, index: number) => string) =>
    columns
      .map((column, index) => {
        const text = texts[index] ?? ''
        const space = ' '.repeat(Math.max(0, (widths[index] ?? 0) - width(text)))
        const painted = paint(text, index)
        return column.align === 'right' ? space + painted : painted + space
      })
      .join('  ')
      .trimEnd()
  return [
    line(
      columns.map((column) => column.title),
      paintTitle,
    ),
    ...rows.map((row, at) => line(cells[at] ?? [], (text, index) => columns[index]?.paint?.(text, row) ?? text)),
  ]
}

/** Good enough for names and ids: code points, with East Asian wide ones counted double. */
export function width(text: string): number {
  let columns = 0
  for (const character of text)
    columns +=
      /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u.test(
        character,
      )
        ? 2
        : 1
  return columns
}
