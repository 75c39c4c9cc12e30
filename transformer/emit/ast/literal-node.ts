import type ts from 'typescript'
import type { TypeScript } from './ast-emitter.ts'

/** Builds the literal of a JSON value. Objects and arrays that hold others are laid out over several lines. */
export function literalNode(ts: TypeScript, factory: ts.NodeFactory, value: unknown): ts.Expression {
  if (typeof value === 'string') return stringNode(ts, factory, value)
  if (typeof value === 'number') return numberNode(ts, factory, value)
  if (typeof value === 'boolean') return value ? factory.createTrue() : factory.createFalse()
  if (value === null) return factory.createNull()
  if (Array.isArray(value)) {
    const elements = value.map((element: unknown) => literalNode(ts, factory, element))
    return factory.createArrayLiteralExpression(elements, value.some(isComposite))
  }
  const members = Object.entries(value as object).filter(([, member]) => member !== undefined)
  const properties = members.map(([name, member]) => factory.createPropertyAssignment(name, literalNode(ts, factory, member)))
  return factory.createObjectLiteralExpression(
    properties,
    members.some(([, member]) => isComposite(member)),
  )
}

/** Single quotes where they need no escape; letters of other alphabets as they are. */
function stringNode(ts: TypeScript, factory: ts.NodeFactory, value: string): ts.Expression {
  return ts.setEmitFlags(factory.createStringLiteral(value, !value.includes("'")), ts.EmitFlags.NoAsciiEscaping)
}

function numberNode(ts: TypeScript, factory: ts.NodeFactory, value: number): ts.Expression {
  const positive = factory.createNumericLiteral(Math.abs(value))
  return value < 0 ? factory.createPrefixUnaryExpression(ts.SyntaxKind.MinusToken, positive) : positive
}

function isComposite(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}
