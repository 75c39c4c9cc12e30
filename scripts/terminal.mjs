/** What scripts print: colour only where a person looks at a terminal, durations in one form. */
import process from 'node:process'

/** @param {{ isTTY?: boolean }} [stream] */
export function palette(stream = process.stdout) {
  const on = stream.isTTY === true && !process.env['NO_COLOR']
  /** @param {number} open @param {number} close */
  const paint = (open, close) => (/** @type {string} */ text) => (on ? `\u001b[${open}m${text}\u001b[${close}m` : text)
  return { bold: paint(1, 22), dim: paint(2, 22), red: paint(31, 39), green: paint(32, 39), yellow: paint(33, 39), cyan: paint(36, 39) }
}

/** @param {number} ms */
export function duration(ms) {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

/** @param {string} text */
export function indent(text) {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')
}
