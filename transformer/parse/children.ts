import { visitorKeys } from 'oxc-parser'
import type { Node } from './ast.ts'

/** A map is read faster than an object with so many names. */
const KEYS: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(visitorKeys))
const NONE: readonly string[] = []

/** A node as its members, for walks that take most of the time and so do without a function for each child. */
export type Fields = Readonly<Record<string, Node | readonly (Node | null)[] | null | undefined>>

/** Names of the members that hold a node's children, in source order but for decorators. */
export function childKeys(node: Node): readonly string[] {
  return KEYS.get(node.type) ?? NONE
}

/** Whether a member holds a list of children, or one. */
export function isList(field: Node | readonly (Node | null)[]): field is readonly (Node | null)[] {
  return Array.isArray(field)
}

/** Calls `visit` for each child node, in source order but for decorators. */
export function forEachChild(node: Node, visit: (child: Node) => void): void {
  const fields = node as unknown as Fields
  for (const key of childKeys(node)) {
    const field = fields[key]
    if (field === null || field === undefined) continue
    if (!isList(field)) visit(field)
    else for (const child of field) if (child !== null) visit(child)
  }
}
