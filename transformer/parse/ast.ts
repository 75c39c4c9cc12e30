/**
 * The syntax tree as the rest of the compiler sees it. Types come from the parser; nobody else names it.
 */
export type {
  ArrowFunctionExpression,
  CallExpression,
  Class,
  Decorator,
  Function as FunctionNode,
  ImportDeclaration,
  MemberExpression,
  NewExpression,
  Node,
  ObjectExpression,
  Program,
} from 'oxc-parser'
import type { ArrowFunctionExpression, Function as FunctionNode, MemberExpression, Node } from 'oxc-parser'

/** A function of any form: method value, declaration, function expression or arrow. */
export type Closure = FunctionNode | ArrowFunctionExpression

export function isClosure(node: Node): node is Closure {
  return node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression' || node.type === 'FunctionDeclaration'
}

const WRAPPERS: ReadonlySet<string> = new Set([
  'ParenthesizedExpression',
  'TSNonNullExpression',
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
  'ChainExpression',
])

/** Whether a node only wraps an expression: parentheses, `!`, `as`, `satisfies`, or the node around an optional chain. */
export function isWrapper(node: Node): boolean {
  return WRAPPERS.has(node.type)
}

/** The expression inside parentheses and type-only wrappers. */
export function unwrap(node: Node): Node {
  let inner = node
  while (isWrapper(inner) && 'expression' in inner && typeof inner.expression === 'object' && inner.expression !== null) {
    inner = inner.expression as Node
  }
  return inner
}

/** The text of a string literal or of a template without substitutions. */
export function literalText(node: Node): string | undefined {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0]?.value.cooked ?? undefined
  return undefined
}

/** Name of a non-computed or literally computed key; `#private` names keep their `#`, numbers are written as properties have them. */
export function keyName(key: Node, computed: boolean): string | undefined {
  if (key.type === 'PrivateIdentifier') return `#${key.name}`
  if (!computed && key.type === 'Identifier') return key.name
  const literal = unwrap(key)
  if (literal.type === 'Literal' && (!computed || typeof literal.value === 'number')) return String(literal.value)
  return literalText(literal)
}

/** Name of the member an expression reads, where it is known: `a.b`, `a['b']`, `a.#b`. */
export function memberName(node: MemberExpression): string | undefined {
  return keyName(node.property, node.computed)
}
