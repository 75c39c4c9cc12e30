import type { Node } from './ast.ts'
import { forEachChild } from './children.ts'

/**
 * How deep syntax may be nested before a file counts as one that cannot be read. Analysis calls itself once per level, as other
 * compilers do, and this is well within what the call stack holds; code that people write is nested less than 100 levels deep.
 */
const DEEPEST = 1000

const OPENING = new Set(Array.from('([{', (bracket) => bracket.charCodeAt(0)))
const CLOSING = new Set(Array.from(')]}', (bracket) => bracket.charCodeAt(0)))

/**
 * Whether brackets are nested so deep that reading the text would overflow the parser's own stack, which ends the OS process. Looks
 * at text only: brackets in strings count too, but a thousand of them that nothing closes are in no file that is worth reading.
 */
export function hasTooManyBrackets(source: string): boolean {
  let depth = 0
  for (let at = 0; at < source.length; at++) {
    const character = source.charCodeAt(at)
    if (OPENING.has(character) && ++depth > DEEPEST) return true
    if (depth > 0 && CLOSING.has(character)) depth--
  }
  return false
}

/** Whether syntax is nested deeper than analysis can follow, with brackets or without. Finds out without calling itself. */
export function isTooDeep(program: Node): boolean {
  let level: Node[] = [program]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return true
    const next: Node[] = []
    for (const node of level) forEachChild(node, (child) => void next.push(child))
    level = next
  }
  return false
}
