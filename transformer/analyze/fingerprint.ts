/**
 * What tells a call site from others of the same step: the control flow around it inside its function, and its
 * arguments. Formatting, comments, types, parentheses and names of locals do not count. A local is described by where
 * it comes from (a parameter, the result of a step, a loop), so that swapping two calls shows.
 */
import type { CallExpression, Closure, Node } from '../parse/ast.ts'
import { memberName, unwrap } from '../parse/ast.ts'
import { forEachChild } from '../parse/children.ts'
import { hash } from './hash.ts'
import type { Binding, SyntaxTree } from './syntax-tree.ts'

export interface FingerprintOf {
  readonly tree: SyntaxTree
  readonly call: CallExpression
  /** The durable function or closure the call belongs to. */
  readonly within: Closure
  /** The method around it: what is declared in it is local. */
  readonly method: Closure
}

export function fingerprint({ tree, call, within, method }: FingerprintOf): string {
  const words: string[] = controlFlow(tree, call, within)
  const writer = new Words(tree, method, words)
  for (const argument of call.arguments) {
    words.push(',')
    writer.write(argument)
  }
  return hash(words.join(' '))
}

function controlFlow(tree: SyntaxTree, call: Node, within: Closure): string[] {
  const path: string[] = []
  let child: Node = call
  for (let parent = tree.parents.get(child); parent !== undefined && parent !== within; parent = tree.parents.get(child)) {
    const step = flowStep(tree, parent, child)
    if (step !== undefined) path.push(step)
    child = parent
  }
  return path.reverse()
}

function flowStep(tree: SyntaxTree, parent: Node, child: Node): string | undefined {
  switch (parent.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
      return child === parent.test ? undefined : child === parent.consequent ? 'then' : 'else'
    case 'ForStatement':
      return child === parent.init ? undefined : 'loop'
    case 'ForOfStatement':
    case 'ForInStatement':
      return child === parent.right ? undefined : 'loop'
    case 'WhileStatement':
    case 'DoWhileStatement':
      return 'loop'
    case 'TryStatement':
      return child === parent.block ? 'try' : child === parent.finalizer ? 'finally' : undefined
    case 'CatchClause':
      return 'catch'
    case 'LogicalExpression':
      return child === parent.right ? parent.operator : undefined
    case 'SwitchCase': {
      if (parent.test === null) return 'default'
      const words: string[] = []
      new Words(tree, undefined, words).write(parent.test)
      return `case(${words.join(' ')})`
    }
    default:
      return undefined
  }
}

/** Writes an expression as words that do not depend on how it is laid out. */
class Words {
  readonly #tree: SyntaxTree
  readonly #method: Closure | undefined
  readonly #words: string[]
  readonly #locals = new Map<Binding, string>()

  constructor(tree: SyntaxTree, method: Closure | undefined, words: string[]) {
    this.#tree = tree
    this.#method = method
    this.#words = words
  }

  write(expression: Node): void {
    const node = unwrap(expression)
    switch (node.type) {
      case 'Identifier':
        this.#words.push(this.#identifier(node))
        return
      case 'Literal':
        this.#words.push(
          node.value instanceof RegExp || node.value === null ? String(node.raw) : JSON.stringify(String(node.value)),
          typeof node.value,
        )
        return
      case 'TemplateElement':
        this.#words.push(JSON.stringify(node.value.raw))
        return
      case 'MemberExpression': {
        const name = memberName(node)
        this.write(node.object)
        if (name === undefined) this.#children('[', [node.property])
        else this.#words.push(`.${name}`)
        return
      }
      case 'Property':
        this.#words.push(node.kind, node.method ? 'method' : 'value')
        if (node.computed || node.key.type !== 'Identifier') this.write(node.key)
        else this.#words.push(node.key.name)
        return this.write(node.value)
      default:
        this.#words.push(operatorOf(node), '(')
        // Nodes without a parent are types.
        forEachChild(node, (child) => {
          if (this.#tree.parents.has(child)) this.write(child)
        })
        this.#words.push(')')
    }
  }

  #children(open: string, nodes: readonly Node[]): void {
    this.#words.push(open)
    for (const node of nodes) this.write(node)
  }

  #identifier(node: Node & { readonly type: 'Identifier' }): string {
    const binding = this.#tree.resolve(node) ?? this.#declared(node)
    if (binding === undefined || this.#method === undefined || !isInside(this.#tree, binding.node, this.#method)) return node.name
    const known = this.#locals.get(binding)
    if (known !== undefined) return known
    const name = `${origin(this.#tree, binding)}$${this.#locals.size}`
    this.#locals.set(binding, name)
    return name
  }

  /** Names that an argument itself declares, such as parameters of a closure. */
  #declared(node: Node): Binding | undefined {
    const parent = this.#tree.parents.get(node)
    return parent === undefined ? undefined : this.#tree.declaredBy(node)
  }
}

function operatorOf(node: Node): string {
  if ('operator' in node && typeof node.operator === 'string') return `${node.type}:${node.operator}`
  if ('async' in node && node.async) return `async ${node.type}`
  return node.type
}

function isInside(tree: SyntaxTree, node: Node, container: Node): boolean {
  for (let at: Node | undefined = node; at !== undefined; at = tree.parents.get(at)) if (at === container) return true
  return false
}

/** Where a local's value comes from, as far as that is stable under harmless edits. */
function origin(tree: SyntaxTree, binding: Binding): string {
  const { declaration } = binding
  const path = patternPath(tree, binding.node, declaration)
  if (binding.kind === 'param' && 'params' in declaration) {
    const index = declaration.params.findIndex((parameter) => contains(parameter, binding.node))
    return `parameter${index}${path}`
  }
  if (binding.kind === 'catch') return `caught${path}`
  if (declaration.type !== 'VariableDeclarator') return ''
  const list = tree.parents.get(declaration)
  const loop = list === undefined ? undefined : tree.parents.get(list)
  if (loop !== undefined && (loop.type === 'ForOfStatement' || loop.type === 'ForInStatement') && loop.left === list) return `each${path}`
  return declaration.init ? `${valueOrigin(declaration.init)}${path}` : ''
}

/** `this.reserve(…)`, awaited or not, is the result of `reserve`; other values are nameless. */
function valueOrigin(init: Node): string {
  let node = unwrap(init)
  if (node.type === 'AwaitExpression') node = unwrap(node.argument)
  if (node.type !== 'CallExpression') return ''
  const callee = unwrap(node.callee)
  if (callee.type !== 'MemberExpression' || unwrap(callee.object).type !== 'ThisExpression') return ''
  return `result:${memberName(callee) ?? '?'}`
}

function contains(outer: Node, inner: Node): boolean {
  return outer.start <= inner.start && inner.end <= outer.end
}

function patternPath(tree: SyntaxTree, identifier: Node, declaration: Node): string {
  const path: string[] = []
  let child = identifier
  for (let parent = tree.parents.get(child); parent !== undefined && parent !== declaration; parent = tree.parents.get(child)) {
    if (parent.type === 'Property') path.push(parent.key.type === 'Identifier' && !parent.computed ? `.${parent.key.name}` : '[]')
    if (parent.type === 'ArrayPattern') path.push(`.${parent.elements.findIndex((element) => element === child)}`)
    if (parent.type === 'RestElement') path.push('...')
    child = parent
  }
  return path.reverse().join('')
}
