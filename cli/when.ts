/** Times as people read them. Always UTC and marked so: operators compare machines in different places. */

/** `2026-11-20 11:30:05.123Z` */
export function timestamp(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? 'an invalid time' : date.toISOString().replace('T', ' ')
}

/** `340 ms`, `12 s`, `3 min`, `5 h`, `2 d`: the largest unit of which there are at least two, rounded down. */
export function span(ms: number): string {
  const units: readonly (readonly [string, number])[] = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ]
  const whole = Math.max(0, Math.trunc(ms))
  const unit = units.find(([, size]) => whole >= 2 * size)
  return unit === undefined ? `${whole} ms` : `${Math.floor(whole / unit[1])} ${unit[0]}`
}

/** Time since the first entry of a timeline: `+0 ms`, `+340 ms`, `+1.2 s`, `+3 min 20 s`. */
export function offset(ms: number): string {
  if (ms < 1000) return `+${Math.max(0, ms)} ms`
  if (ms < 60_000) return `+${(ms / 1000).toFixed(1)} s`
  const seconds = Math.floor(ms / 1000)
  if (seconds < 3600) return `+${Math.floor(seconds / 60)} min ${seconds % 60} s`
  return `+${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
}
