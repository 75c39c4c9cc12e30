import type { CallExpression, MemberExpression, Node, ObjectExpression } from '../parse/ast.ts'
import { keyName, memberName, unwrap } from '../parse/ast.ts'
import { enumValue } from './enum-value.ts'
import { globalPath } from './global-path.ts'
import type { SyntaxTree } from './syntax-tree.ts'

export type StaticValue = string | number | boolean | bigint | null | undefined | StaticObject | readonly StaticValue[]
export interface StaticObject {
  readonly [name: string]: StaticValue
}

/** A value known at build time, or the expression that stands in the way. */
export type Evaluation = { readonly known: true; readonly value: StaticValue } | { readonly known: false; readonly node: Node }

const DEEPEST = 50

/** Evaluates literals, `const`s of the same file, templates, arithmetic, objects and spreads of those. */
export function evaluate(tree: SyntaxTree, expression: Node, depth = 0): Evaluation {
  const node = unwrap(expression)
  const unknown: Evaluation = { known: false, node: expression }
  // A const may be defined by itself through others; no program that runs does that.
  if (depth > DEEPEST) return unknown
  const sub = (inner: Node): Evaluation => evaluate(tree, inner, depth + 1)
  switch (node.type) {
    case 'Literal':
      return node.value instanceof RegExp ? unknown : { known: true, value: node.value }
    case 'Identifier':
      return identifier(tree, node, depth)
    case 'TemplateLiteral':
      return combine(node.expressions.map(sub), (values) =>
        node.quasis.map((quasi, i) => (quasi.value.cooked ?? '') + (i < values.length ? String(values[i]) : '')).join(''),
      )
    case 'UnaryExpression':
      return attempt(
        combine([sub(node.argument)], ([value]) => unary(node.operator, value)),
        node,
      )
    case 'BinaryExpression':
      if (node.left.type === 'PrivateIdentifier') return unknown
      return attempt(
        combine([sub(node.left), sub(node.right)], ([left, right]) => binary(node.operator, left, right)),
        node,
      )
    case 'ConditionalExpression': {
      const test = sub(node.test)
      return test.known ? sub(test.value ? node.consequent : node.alternate) : test
    }
    case 'LogicalExpression': {
      const left = sub(node.left)
      if (!left.known) return left
      const takesRight =
        node.operator === '&&'
          ? Boolean(left.value)
          : node.operator === '||'
            ? !left.value
            : left.value === null || left.value === undefined
      return takesRight ? sub(node.right) : left
    }
    case 'ArrayExpression':
      if (node.elements.some((element) => element === null || element.type === 'SpreadElement')) return unknown
      return combine(
        node.elements.map((element) => (element === null ? unknown : sub(element))),
        (values) => values,
      )
    case 'ObjectExpression':
      return object(node, sub, unknown)
    case 'CallExpression': {
      const frozen = frozenValue(tree, node)
      return frozen === undefined ? unknown : sub(frozen)
    }
    case 'MemberExpression': {
      const member = enumMember(tree, node)
      if (member !== undefined) return { known: true, value: member }
      const target = sub(node.object)
      if (!target.known) return unknown
      let name = memberName(node)
      if (name === undefined) {
        const key = sub(node.property)
        if (!key.known) return key
        name = String(key.value)
      }
      const { value } = target
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return unknown
      return { known: true, value: (value as StaticObject)[name] }
    }
    default:
      return unknown
  }
}

/** What is frozen by `Object.freeze(…)`: frozen or not, it is the same value. */
export function frozenValue(tree: SyntaxTree, call: CallExpression): Node | undefined {
  const [frozen] = call.arguments
  const isFreeze = globalPath(tree, call.callee) === 'Object.freeze' && call.arguments.length === 1
  return isFreeze && frozen?.type !== 'SpreadElement' ? frozen : undefined
}

/** A member of an enum of the same file. */
function enumMember(tree: SyntaxTree, node: MemberExpression): string | number | undefined {
  const binding = tree.resolve(unwrap(node.object))
  const name = memberName(node)
  if (binding?.declaration.type !== 'TSEnumDeclaration' || name === undefined) return undefined
  return enumValue(binding.declaration, name)
}

const NOT_STATIC = Symbol('not static')

function attempt(evaluation: Evaluation, node: Node): Evaluation {
  return evaluation.known && (evaluation.value as unknown) === NOT_STATIC ? { known: false, node } : evaluation
}

function combine(parts: readonly Evaluation[], join: (values: readonly StaticValue[]) => StaticValue): Evaluation {
  const values: StaticValue[] = []
  for (const part of parts) {
    if (!part.known) return part
    values.push(part.value)
  }
  return { known: true, value: join(values) }
}

function identifier(tree: SyntaxTree, node: Node & { readonly type: 'Identifier' }, depth: number): Evaluation {
  const binding = tree.resolve(node)
  if (binding === undefined) {
    if (node.name === 'undefined') return { known: true, value: undefined }
    if (node.name === 'Infinity') return { known: true, value: Number.POSITIVE_INFINITY }
    if (node.name === 'NaN') return { known: true, value: Number.NaN }
    return { known: false, node }
  }
  const { declaration } = binding
  if (binding.kind !== 'const' || declaration.type !== 'VariableDeclarator' || !declaration.init || declaration.id.type !== 'Identifier')
    return { known: false, node }
  if (binding.references.some((reference) => isChanged(tree, reference))) return { known: false, node }
  const evaluation = evaluate(tree, declaration.init, depth + 1)
  // Point at the use, not at the declaration: that is where the option is.
  return evaluation.known ? evaluation : { known: false, node }
}

/** Whether a member of what a name holds is assigned somewhere. */
export function isChanged(tree: SyntaxTree, reference: Node): boolean {
  let node = reference
  for (let parent = tree.parents.get(node); parent !== undefined; parent = tree.parents.get(node)) {
    if (parent.type === 'AssignmentExpression') return parent.left === node
    if (parent.type === 'UpdateExpression' || (parent.type === 'UnaryExpression' && parent.operator === 'delete')) return true
    if (parent.type !== 'MemberExpression' || parent.object !== node) return false
    node = parent
  }
  return false
}

function object(node: ObjectExpression, sub: (inner: Node) => Evaluation, unknown: Evaluation): Evaluation {
  const result: Record<string, StaticValue> = {}
  for (const property of node.properties) {
    if (property.type === 'SpreadElement') {
      const spread = sub(property.argument)
      if (!spread.known) return spread
      Object.assign(result, spread.value)
      continue
    }
    let name = keyName(property.key, property.computed)
    if (name === undefined) {
      const key = sub(property.key)
      if (!key.known) return key
      name = String(key.value)
    }
    if (property.kind !== 'init' || property.method) return unknown
    const value = sub(property.value)
    if (!value.known) return value
    Object.defineProperty(result, name, { value: value.value, enumerable: true, configurable: true, writable: true })
  }
  return { known: true, value: result }
}

function unary(operator: string, value: StaticValue): StaticValue {
  if (operator === '!') return !value
  if (operator === '-' && typeof value === 'bigint') return -value
  if (typeof value !== 'number') return NOT_STATIC as unknown as StaticValue
  if (operator === '-') return -value
  if (operator === '+') return value
  if (operator === '~') return ~value
  return NOT_STATIC as unknown as StaticValue
}

function binary(operator: string, left: StaticValue, right: StaticValue): StaticValue {
  if (operator === '===') return left === right
  if (operator === '!==') return left !== right
  if (operator === '+' && (typeof left === 'string' || typeof right === 'string')) {
    return typeof left === 'object' || typeof right === 'object' ? (NOT_STATIC as unknown as StaticValue) : String(left) + String(right)
  }
  if (typeof left !== 'number' || typeof right !== 'number') return NOT_STATIC as unknown as StaticValue
  const compute = ARITHMETIC.get(operator)
  return compute === undefined ? (NOT_STATIC as unknown as StaticValue) : compute(left, right)
}

const ARITHMETIC: ReadonlyMap<string, (left: number, right: number) => number | boolean> = new Map<
  string,
  (left: number, right: number) => number | boolean
>([
  ['+', (left, right) => left + right],
  ['-', (left, right) => left - right],
  ['*', (left, right) => left * right],
  ['/', (left, right) => left / right],
  ['%', (left, right) => left % right],
  ['**', (left, right) => left ** right],
  ['<<', (left, right) => left << right],
  ['>>', (left, right) => left >> right],
  ['|', (left, right) => left | right],
  ['&', (left, right) => left & right],
  ['<', (left, right) => left < right],
  ['<=', (left, right) => left <= right],
  ['>', (left, right) => left > right],
  ['>=', (left, right) => left >= right],
])
