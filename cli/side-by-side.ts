import { inOrder } from './explain/in-order.ts'
import type { Paint } from './paint.ts'

/** A source line and the generated lines that begin on it; `line` is 0 for what comes before the first. */
export interface Pair {
  /** 1-based. */
  readonly line: number
  readonly source: string
  readonly emitted: readonly string[]
}

/**
 * Pairs source lines with generated ones. Generated lines that map to nothing, or to elsewhere than their neighbours, stay with the
 * line before them, and the order of both sides is kept.
 */
export function pairLines(source: string, emitted: string, sourceLines: readonly (number | undefined)[]): readonly Pair[] {
  const lines = source.replace(/\n$/, '').split('\n')
  const pairs = ['', ...lines].map((text, line) => ({ line, source: text, emitted: [] as string[] }))
  const places = inOrder(sourceLines)
  let at = 0
  for (const [index, text] of emitted
    .replace(/\n(\/\/# sourceMappingURL=.*)?$/, '')
    .split('\n')
    .entries()) {
    const mapped = places[index]
    if (mapped !== undefined) at = Math.max(at, Math.min(mapped + 1, lines.length))
    if (text.startsWith('//# sourceMappingURL=')) continue
    pairs[at]?.emitted.push(text)
  }
  return pairs.filter(({ line, emitted: generated }) => line > 0 || generated.length > 0)
}

/** Two columns, source on the left; long lines go on below, indented further. */
export function inColumns(pairs: readonly Pair[], columns: number, paint: Paint): readonly string[] {
  const numbers = String(pairs.at(-1)?.line ?? 0).length
  const room = Math.max(24, Math.floor((columns - numbers - 5) / 2))
  return pairs.flatMap(({ line, source, emitted }) => {
    const left = wrap(source, room)
    const right = emitted.flatMap((text) => wrap(text, room))
    return Array.from({ length: Math.max(left.length, right.length, 1) }, (_, row) => {
      const number = row === 0 && line > 0 ? String(line) : ''
      const text = right[row] ?? ''
      const shown = isSame(source, emitted) ? paint.dim(text) : text
      return `${paint.dim(number.padStart(numbers))}  ${(left[row] ?? '').padEnd(room)} ${paint.dim('│')} ${shown}`.trimEnd()
    })
  })
}

/** One above the other: every source line, and under it what became of it where that differs. */
export function stacked(pairs: readonly Pair[], paint: Paint): readonly string[] {
  const numbers = String(pairs.at(-1)?.line ?? 0).length
  return pairs.flatMap(({ line, source, emitted }) => [
    ...(line > 0 ? [`${paint.dim(`${String(line).padStart(numbers)}  `)}${source}`.trimEnd()] : []),
    ...(isSame(source, emitted) ? [] : emitted.map((text) => `${' '.repeat(numbers)} ${paint.cyan(`▸${text}`)}`)),
  ])
}

/** TypeScript prints with four blanks; a file that is indented by two reads better beside two. */
export function likeSource(emitted: string, source: string): string {
  const isNarrow = /^ {2}\S/m.test(source)
  return isNarrow ? emitted.replaceAll(/^(?: {4})+/gm, (indent) => ' '.repeat(indent.length / 2)) : emitted
}

/** Semicolons and indentation are the printer's, not a change. */
function isSame(source: string, emitted: readonly string[]): boolean {
  const bare = (text: string) => text.replaceAll(/[\s;]/g, '')
  return emitted.length === 1 && bare(emitted[0] ?? '') === bare(source)
}

/** Breaks at a blank, else after a bracket or before a dot; what goes on is indented by two more than the line. */
function wrap(text: string, room: number): readonly string[] {
  const indent = ' '.repeat(Math.min((/^ */.exec(text)?.[0].length ?? 0) + 2, Math.floor(room / 2)))
  const lines: string[] = []
  let rest = text.trimEnd()
  while (rest.length > room) {
    const least = indent.length + 8
    const cut =
      [rest.lastIndexOf(' ', room), Math.max(rest.lastIndexOf('(', room - 1) + 1, rest.lastIndexOf('.', room))].find((at) => at > least) ??
      room
    lines.push(rest.slice(0, cut).trimEnd())
    rest = indent + rest.slice(cut).trimStart()
  }
  return [...lines, rest]
}
