/**
 * Reads from a source map which source line each generated line begins on. Source maps hold numbers as base 64 digits of
 * five bits, the sixth saying that more follow; the format is ECMA-426.
 */

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** For each generated line the 0-based source line of its first mapping, or undefined where nothing maps. */
export function sourceLinesOf(map: string): readonly (number | undefined)[] {
  const { mappings } = parseMap(map)
  let sourceLine = 0
  return mappings.split(';').map((line) => {
    let first: number | undefined
    for (const segment of line === '' ? [] : line.split(',')) {
      const fields = numbersIn(segment)
      const delta = fields[2]
      if (delta === undefined) continue
      sourceLine += delta
      first ??= sourceLine
    }
    return first
  })
}

function parseMap(map: string): { readonly mappings: string } {
  const parsed: unknown = JSON.parse(map)
  if (typeof parsed === 'object' && parsed !== null && 'mappings' in parsed && typeof parsed.mappings === 'string')
    return { mappings: parsed.mappings }
  throw new TypeError('The source map has no "mappings".')
}

function numbersIn(segment: string): readonly number[] {
  const numbers: number[] = []
  let value = 0
  let shift = 0
  for (const character of segment) {
    const digit = DIGITS.indexOf(character)
    value += (digit & 31) << shift
    shift += 5
    if ((digit & 32) !== 0) continue
    numbers.push((value & 1) === 1 ? -(value >> 1) : value >> 1)
    value = 0
    shift = 0
  }
  return numbers
}
