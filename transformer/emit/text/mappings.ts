/** Writes the `mappings` of a source map, segment after segment, without keeping them. */
export class Mappings {
  #bytes = Buffer.allocUnsafe(4096)
  #length = 0
  #line = 0
  #column = 0
  #startsLine = true
  #source = 0
  #sourceLine = 0
  #sourceColumn = 0
  #name = 0

  /** Adds a segment behind all that were added; everything counts from 0. What leads nowhere has a column alone. */
  add(line: number, column: number, source?: number, sourceLine = 0, sourceColumn = 0, name?: number): void {
    this.#toLine(line)
    if (this.#startsLine) this.#startsLine = false
    else this.#byte(COMMA)
    this.#number(column - this.#column)
    this.#column = column
    if (source === undefined) return
    this.#number(source - this.#source)
    this.#number(sourceLine - this.#sourceLine)
    this.#number(sourceColumn - this.#sourceColumn)
    this.#source = source
    this.#sourceLine = sourceLine
    this.#sourceColumn = sourceColumn
    if (name === undefined) return
    this.#number(name - this.#name)
    this.#name = name
  }

  /** The mappings of a text whose last line is the one given. */
  text(lastLine: number): string {
    this.#toLine(lastLine)
    return this.#bytes.toString('latin1', 0, this.#length)
  }

  #toLine(line: number): void {
    if (line === this.#line) return
    while (this.#line < line) {
      this.#byte(SEMICOLON)
      this.#line++
    }
    this.#column = 0
    this.#startsLine = true
  }

  /** Five bits a digit, the lowest first; the sign is the lowest of all. */
  #number(value: number): void {
    let rest = value < 0 ? (-value << 1) | 1 : value << 1
    while (rest > 31) {
      this.#byte(DIGITS[(rest & 31) | 32]!)
      rest >>>= 5
    }
    this.#byte(DIGITS[rest]!)
  }

  #byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, this.#bytes])
    this.#bytes[this.#length++] = value
  }
}

const COMMA = 44
const SEMICOLON = 59
const DIGITS = Uint8Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', (digit) => digit.charCodeAt(0))

/** A segment of decoded mappings: column alone, or with source, line, column and perhaps name. */
export type DecodedSegment = readonly number[]

/** Writes mappings that others changed, a list of segments for each line. */
export function encodeMappings(lines: readonly (readonly DecodedSegment[])[]): string {
  const mappings = new Mappings()
  for (const [line, segments] of lines.entries()) {
    for (const [column = 0, source, sourceLine, sourceColumn, name] of segments) {
      mappings.add(line, column, source, sourceLine, sourceColumn, name)
    }
  }
  return mappings.text(lines.length - 1)
}
