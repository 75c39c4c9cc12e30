import { visitorKeys } from 'oxc-parser'
import type { Node } from './ast.ts'

/** Calls `visit` for each child node, in source order but for decorators. */
export function forEachChild(node: Node, visit: (child: Node) => void): void {
  const keys = visitorKeys[node.type]
  if (keys === undefined) return
  const fields = node as unknown as Readonly<Record<string, Node | readonly (Node | null)[] | null | undefined>>
  for (const key of keys) {
    const field = fields[key]
    if (field === null || field === undefined) continue
    if (isList(field)) {
      for (const child of field) if (child !== null) visit(child)
    } else {
      visit(field)
    }
  }
}

function isList(field: Node | readonly (Node | null)[]): field is readonly (Node | null)[] {
  return Array.isArray(field)
}
