/** Colours for people at a terminal, and text that cannot take the terminal over. */

export interface Paint {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly red: (text: string) => string
  readonly green: (text: string) => string
  readonly yellow: (text: string) => string
  readonly cyan: (text: string) => string
}

export function createPaint(mode: 'colour' | 'plain'): Paint {
  const code = (open: number, close: number) => (text: string) => (mode === 'colour' ? `\u001B[${open}m${text}\u001B[${close}m` : text)
  return { bold: code(1, 22), dim: code(2, 22), red: code(31, 39), green: code(32, 39), yellow: code(33, 39), cyan: code(36, 39) }
}

/**
 * Ids, reasons and messages come from anywhere: control characters, which could move the cursor or rewrite the screen, and
 * lone surrogates, which terminals show as they like, are written as escapes.
 */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- finding control characters is the point
  return text.replaceAll(/[\u0000-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]|\p{Surrogate}/gu, escape)
}

function escape(character: string): string {
  if (character === '\n') return String.raw`\n`
  if (character === '\t') return String.raw`\t`
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}
