/** One measured figure: what `npm run bench -- <name> --json` prints a line of. */
export interface Figure {
  /** The benchmark. */
  readonly name: string
  readonly metric: string
  readonly value: number
  readonly unit: string
  /** The value over its counterpart measured in the same run; what that is, `against` says. */
  readonly ratio: number | null
  readonly against: string | null
  /** The limit the figure is held to, in words, and whether it keeps it. Absent for figures that only inform. */
  readonly target?: string
  readonly met?: boolean
}

export type Report = (figure: Figure) => void

/** Three significant digits and no false precision, as a number. */
export function rounded(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return 0
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3))
}

/** The shape check that the smoke test and people's scripts rely on. */
export function isFigure(line: unknown): line is Figure {
  if (typeof line !== 'object' || line === null) return false
  const { name, metric, value, unit, ratio, against } = line as Record<string, unknown>
  const texts = [name, metric, unit].every((text) => typeof text === 'string' && text !== '')
  const comparison =
    (ratio === null || (typeof ratio === 'number' && Number.isFinite(ratio))) && (against === null || typeof against === 'string')
  return texts && comparison && typeof value === 'number' && Number.isFinite(value)
}
