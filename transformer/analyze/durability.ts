/**
 * Whether what an `await` waits for can be replayed: durable calls, values, and promises made of those. Works on process
 * code and on functions outside the class alike; what differs comes in as `Surroundings`.
 */
import type { CallExpression, Node } from '../parse/ast.ts'
import { isClosure, memberName, unwrap } from '../parse/ast.ts'
import type { Member } from './class-info.ts'
import { globalPath, importSource } from './global-path.ts'
import type { Binding, SyntaxTree } from './syntax-tree.ts'

/** What stands in the way of replay. */
export interface Obstacle {
  readonly node: Node
  /** `service`: something that is not journaled. `function`: a function whose code is elsewhere in the file or in a module. */
  readonly kind: 'service' | 'function'
}

export interface Surroundings {
  readonly tree: SyntaxTree
  /** Text of a node for messages is the caller's business; this answers what `this.name` and `this.name(…)` are. */
  readonly thisMember: (node: Node, use: 'read' | 'call') => 'replayed' | 'service'
  /** Whether an argument holds durable calls, so that a function that takes it waits for those. */
  readonly isDurableArgument: (argument: Node) => boolean
  /** Whether a name is declared inside the code that is looked at. */
  readonly isLocal: (binding: Binding) => boolean
}

const CHAINING: ReadonlySet<string> = new Set(['then', 'catch', 'finally'])
const PROMISE_OF_ARGUMENT: ReadonlySet<string> = new Set(['all', 'allSettled', 'race', 'any', 'resolve'])
/** Platform objects whose functions only compute. */
const PURE_ROOTS: ReadonlySet<string> = new Set(
  'Array Object JSON Math Number String Boolean BigInt Symbol Map Set WeakMap WeakSet Date RegExp Reflect Intl URL URLSearchParams Error structuredClone parseInt parseFloat isNaN isFinite encodeURIComponent decodeURIComponent encodeURI decodeURI atob btoa Promise Temporal Iterator Uint8Array Buffer queueMicrotask'.split(
    ' ',
  ),
)

/** Whether a platform function of this name only computes. */
export function isComputing(path: string): boolean {
  return PURE_ROOTS.has(path.split('.')[0] ?? '')
}

/** The first thing an awaited expression waits for that is not journaled. */
export function obstacle(at: Surroundings, expression: Node, depth = 0): Obstacle | undefined {
  const node = unwrap(expression)
  if (depth > 20) return undefined
  const sub = (inner: Node): Obstacle | undefined => obstacle(at, inner, depth + 1)
  switch (node.type) {
    case 'ConditionalExpression':
      return sub(node.consequent) ?? sub(node.alternate)
    case 'LogicalExpression':
      return sub(node.left) ?? sub(node.right)
    case 'SequenceExpression': {
      const last = node.expressions.at(-1)
      return last === undefined ? undefined : sub(last)
    }
    case 'AssignmentExpression':
      return sub(node.right)
    case 'ArrayExpression':
      for (const element of node.elements) {
        const found = element === null ? undefined : sub(element.type === 'SpreadElement' ? element.argument : element)
        if (found !== undefined) return found
      }
      return undefined
    case 'ImportExpression':
      return { node, kind: 'service' }
    case 'Identifier':
      return variable(at, node, depth)
    case 'MemberExpression':
      return unwrap(node.object).type === 'ThisExpression' && at.thisMember(node, 'read') === 'service'
        ? { node, kind: 'service' }
        : undefined
    case 'CallExpression':
      return callObstacle(at, node, depth)
    default:
      return undefined
  }
}

/** A const stands for what it was given. */
function variable(at: Surroundings, node: Node, depth: number): Obstacle | undefined {
  const binding = at.tree.resolve(node)
  if (binding?.kind !== 'const' || !at.isLocal(binding)) return undefined
  const { declaration } = binding
  if (declaration.type !== 'VariableDeclarator' || !declaration.init || declaration.id.type !== 'Identifier') return undefined
  // Only a call makes a promise; a value that was awaited already is none.
  const init = unwrap(declaration.init)
  return init.type === 'CallExpression' || init.type === 'ArrayExpression' || init.type === 'ConditionalExpression'
    ? obstacle(at, init, depth + 1)
    : undefined
}

function callObstacle(at: Surroundings, call: CallExpression, depth: number): Obstacle | undefined {
  const callee = unwrap(call.callee)
  const service: Obstacle = { node: call, kind: 'service' }
  if (callee.type === 'Identifier') return namedCall(at, call, callee)
  if (isClosure(callee)) return undefined
  if (callee.type !== 'MemberExpression') return undefined
  const object = unwrap(callee.object)
  const name = memberName(callee) ?? ''
  if (object.type === 'ThisExpression') return at.thisMember(callee, 'call') === 'service' ? service : undefined
  if (object.type === 'Super') return undefined
  const path = globalPath(at.tree, callee)
  if (path?.startsWith('Promise.')) {
    return PROMISE_OF_ARGUMENT.has(name)
      ? first(call.arguments, (argument) => obstacle(at, argument.type === 'SpreadElement' ? argument.argument : argument, depth + 1))
      : undefined
  }
  if (path !== undefined) return PURE_ROOTS.has(path.split('.')[0] ?? '') ? undefined : service
  if (CHAINING.has(name)) return obstacle(at, object, depth + 1)
  if (call.arguments.some((argument) => at.isDurableArgument(argument))) return undefined
  return isService(at, object) ? service : undefined
}

function namedCall(at: Surroundings, call: CallExpression, callee: Node): Obstacle | undefined {
  const binding = at.tree.resolve(callee)
  const path = globalPath(at.tree, callee)
  if (path !== undefined) return PURE_ROOTS.has(path.split('.')[0] ?? '') ? undefined : { node: call, kind: 'service' }
  if (binding === undefined || at.isLocal(binding) || isOurs(at, binding)) return undefined
  if (call.arguments.some((argument) => at.isDurableArgument(argument))) return undefined
  return { node: call, kind: 'function' }
}

/** Whether an object comes from the instance or from a module, rather than being data of this code. */
export function isService(at: Surroundings, expression: Node, depth = 0): boolean {
  const node = unwrap(expression)
  if (depth > 20) return false
  if (node.type === 'MemberExpression') {
    if (unwrap(node.object).type === 'ThisExpression') return at.thisMember(node, 'read') === 'service'
    return isService(at, node.object, depth + 1)
  }
  if (node.type === 'NewExpression') return isImported(at, node.callee)
  if (node.type !== 'Identifier') return false
  const binding = at.tree.resolve(node)
  if (binding === undefined) return false
  if (isOurs(at, binding)) return false
  if (!at.isLocal(binding))
    return binding.kind === 'import' || binding.kind === 'const' || binding.kind === 'class' || binding.kind === 'let'
  const { declaration } = binding
  if (binding.kind !== 'const' || declaration.type !== 'VariableDeclarator' || !declaration.init) return false
  const init = unwrap(declaration.init)
  if (init.type === 'ThisExpression') return declaration.id.type === 'ObjectPattern'
  if (init.type === 'NewExpression') return isImported(at, init.callee)
  return init.type === 'MemberExpression' || init.type === 'Identifier' ? isService(at, init, depth + 1) : false
}

/** What this package exports for process code is durable or a value. */
function isOurs(at: Surroundings, binding: Binding): boolean {
  return importSource(at.tree, binding) === 'catga'
}

function isImported(at: Surroundings, callee: Node): boolean {
  const binding = callee.type === 'Identifier' ? at.tree.resolve(callee) : undefined
  return binding !== undefined && importSource(at.tree, binding) !== undefined
}

function first<Item, Found>(items: readonly Item[], look: (item: Item) => Found | undefined): Found | undefined {
  for (const item of items) {
    const found = look(item)
    if (found !== undefined) return found
  }
  return undefined
}

const CONTAINERS: ReadonlySet<string> = new Set(['ArrayExpression', 'ObjectExpression', 'Literal', 'TemplateLiteral'])

/** Whether a field is filled with data where it is declared. */
export function isDataField({ node }: Member): boolean {
  if (node.type !== 'PropertyDefinition' || node.value === null) return false
  const value = unwrap(node.value)
  if (CONTAINERS.has(value.type)) return true
  return value.type === 'NewExpression' && value.callee.type === 'Identifier' && /^(Weak)?(Map|Set)$|^Array$/.test(value.callee.name)
}
