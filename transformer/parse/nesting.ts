import type { Node } from './ast.ts'
import { childKeys, type Fields, isList } from './children.ts'

/**
 * How deep syntax may be nested before a file counts as one that cannot be read. Analysis calls itself once per level, as other
 * compilers do, and this is well within what the call stack holds; code that people write is nested less than 100 levels deep.
 */
const DEEPEST = 1000

/**
 * Whether brackets are nested so deep that reading the text would overflow the parser's own stack, which ends the OS process. Looks
 * at text only: brackets in strings count too, but a thousand of them that nothing closes are in no file that is worth reading.
 */
export function hasTooManyBrackets(source: string): boolean {
  let depth = 0
  for (let at = 0; at < source.length; at++) {
    switch (source.charCodeAt(at)) {
      case 0x28: // (
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > DEEPEST) return true
        break
      case 0x29: // )
      case 0x5d: // ]
      case 0x7d: // }
        if (depth > 0) depth--
    }
  }
  return false
}

/** Whether syntax is nested deeper than analysis can follow, with brackets or without. Goes no deeper itself. */
export function isTooDeep(program: Node): boolean {
  return isDeeperThan(DEEPEST, program)
}

function isDeeperThan(levels: number, node: Node): boolean {
  if (levels < 0) return true
  const fields = node as unknown as Fields
  for (const key of childKeys(node)) {
    const field = fields[key]
    if (field === null || field === undefined) continue
    if (!isList(field)) {
      if (isDeeperThan(levels - 1, field)) return true
    } else for (const child of field) if (child !== null && isDeeperThan(levels - 1, child)) return true
  }
  return false
}
