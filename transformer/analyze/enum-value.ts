import type { Node } from '../parse/ast.ts'
import { keyName } from '../parse/ast.ts'

type EnumDeclaration = Extract<Node, { readonly type: 'TSEnumDeclaration' }>

/**
 * Value of an enum's member that is written as a literal or counted up from one. Initialisers that name other members
 * are not read: a name means the member there, and elsewhere in the file something else.
 */
export function enumValue(declaration: EnumDeclaration, name: string): string | number | undefined {
  let next: number | undefined = 0
  for (const member of declaration.body.members) {
    const value: string | number | undefined = member.initializer === null ? next : literal(member.initializer)
    if (keyName(member.id, member.computed) === name) return value
    next = typeof value === 'number' ? value + 1 : undefined
  }
  return undefined
}

function literal(node: Node): string | number | undefined {
  if (node.type === 'Literal') return typeof node.value === 'string' || typeof node.value === 'number' ? node.value : undefined
  if (node.type === 'TemplateLiteral') return node.expressions.length === 0 ? (node.quasis[0]?.value.cooked ?? undefined) : undefined
  if (node.type !== 'UnaryExpression' || node.operator !== '-') return undefined
  const value = literal(node.argument)
  return typeof value === 'number' ? -value : undefined
}
