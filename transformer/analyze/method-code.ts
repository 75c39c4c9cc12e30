/**
 * What the code of one method contains, gathered in one walk so that each rule looks only at its own kind of node.
 * Nodes of types and property names are not among them.
 */
import type { DerivedUse } from '../model/file-model.ts'
import type { CallExpression, Closure, MemberExpression, NewExpression, Node } from '../parse/ast.ts'
import { isWrapper, memberName, unwrap } from '../parse/ast.ts'
import { forEachChild } from '../parse/children.ts'
import { type CatgaImports, isWaitName, type WaitName } from './catga-imports.ts'
import { derivedUse } from './derived.ts'
import type { SyntaxTree } from './syntax-tree.ts'

type NodeOf<Type extends Node['type']> = Extract<Node, { readonly type: Type }>

export interface ThisMember {
  readonly node: MemberExpression
  /** Undefined for `this[computed]`. */
  readonly name: string | undefined
  /** The call whose callee this is. */
  readonly call: CallExpression | undefined
  /** Whether `this` is the instance here, and not that of a nested function or class. */
  readonly ofInstance: boolean
}

export interface DerivedSite {
  readonly node: CallExpression | NewExpression
  readonly use: DerivedUse
}

export interface WaitSite {
  readonly call: CallExpression
  readonly name: WaitName
}

export interface MethodCode<Root extends Node = Closure> {
  readonly root: Root
  /** `super.name`. */
  readonly superMembers: readonly { readonly node: MemberExpression; readonly name: string | undefined }[]
  readonly thisMembers: readonly ThisMember[]
  readonly derived: readonly DerivedSite[]
  /** Calls of `keyed`. */
  readonly keyed: readonly CallExpression[]
  /** Calls of `sleep`, `waitFor` and `tryWaitFor`. */
  readonly waits: readonly WaitSite[]
  /** Calls of `stepContext`. */
  readonly contextCalls: readonly CallExpression[]
  of<Type extends Node['type']>(type: Type): readonly NodeOf<Type>[]
}

export function methodCode<Root extends Node>(tree: SyntaxTree, catga: CatgaImports, root: Root): MethodCode<Root> {
  const byType = new Map<string, Node[]>()
  const collect = (node: Node): void => {
    // Only value positions have parents.
    if (!tree.parents.has(node)) return
    const same = byType.get(node.type)
    if (same === undefined) byType.set(node.type, [node])
    else same.push(node)
    forEachChild(node, collect)
  }
  forEachChild(root, collect)
  const of = <Type extends Node['type']>(type: Type): readonly NodeOf<Type>[] => (byType.get(type) ?? []) as NodeOf<Type>[]
  const calls = of('CallExpression')
  const thisMembers: ThisMember[] = []
  for (const node of of('MemberExpression')) {
    if (unwrap(node.object).type !== 'ThisExpression') continue
    thisMembers.push({ node, name: memberName(node), call: callOf(tree, node), ofInstance: isInstanceThis(tree, node, root) })
  }
  thisMembers.sort((a, b) => a.node.start - b.node.start)
  const derived: DerivedSite[] = []
  for (const node of [...calls, ...of('NewExpression')]) {
    const use = derivedUse(tree, node)
    if (use !== undefined) derived.push({ node, use })
  }
  derived.sort((a, b) => a.node.start - b.node.start)
  const superMembers = of('MemberExpression')
    .filter((node) => node.object.type === 'Super')
    .map((node) => ({ node, name: memberName(node) }))
  return {
    root,
    superMembers,
    thisMembers,
    derived,
    keyed: calls.filter((call) => catga.nameOf(call.callee) === 'keyed'),
    waits: calls.flatMap((call): readonly WaitSite[] => {
      const name = catga.nameOf(call.callee)
      return isWaitName(name) ? [{ call, name }] : []
    }),
    contextCalls: calls.filter((call) => catga.nameOf(call.callee) === 'stepContext'),
    of,
  }
}

/** The call of which an expression is the callee, through parentheses and type-only wrappers. */
export function callOf(tree: SyntaxTree, callee: Node): CallExpression | undefined {
  const outer = outermost(tree, callee)
  const parent = tree.parents.get(outer)
  return parent?.type === 'CallExpression' && parent.callee === outer ? parent : undefined
}

/** The widest expression that is the same value: parentheses and type-only wrappers around a node. */
export function outermost(tree: SyntaxTree, node: Node): Node {
  let outer = node
  for (let parent = tree.parents.get(outer); parent !== undefined && isWrapper(parent); parent = tree.parents.get(outer)) outer = parent
  return outer
}

/** Whether `this` at a node is that of the code it is in. Computed names and decorators of a nested class's members are outside it. */
export function isInstanceThis(tree: SyntaxTree, node: Node, root: Node): boolean {
  let child = node
  let isOutsideClass = false
  for (let parent = tree.parents.get(node); parent !== undefined && parent !== root; parent = tree.parents.get(parent)) {
    if (parent.type === 'FunctionExpression' || parent.type === 'FunctionDeclaration') return false
    if (parent.type === 'ClassBody' && !isOutsideClass) return false
    isOutsideClass = child.type === 'Decorator' || ('key' in parent && parent.key === child)
    child = parent
  }
  return true
}
