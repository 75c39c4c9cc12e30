import { positionAt } from '../../diagnostics/code-frame.ts'
import type { Node } from '../../parse/ast.ts'
import { forEachChild } from '../../parse/children.ts'
import { parse } from '../../parse/parse.ts'

/** Line of the first decorator in a text, or undefined where it has none. */
export function firstDecoratorLine(text: string, fileName: string): number | undefined {
  const program = parse(text, fileName)
  let first: number | undefined
  const visit = (node: Node): void => {
    if (node.type === 'Decorator') first = Math.min(first ?? node.start, node.start)
    forEachChild(node, visit)
  }
  if (program !== undefined) visit(program)
  return first === undefined ? undefined : positionAt(text, first).line
}
