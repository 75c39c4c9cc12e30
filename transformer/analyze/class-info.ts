import type { Class, Closure, Decorator, FunctionNode, Node } from '../parse/ast.ts'
import { isClosure, keyName, unwrap } from '../parse/ast.ts'
import type { SyntaxTree } from './syntax-tree.ts'

export type MemberKind = 'method' | 'getter' | 'setter' | 'field' | 'accessor' | 'constructor' | 'static-block'

export interface Member {
  /** Name; `#private` names keep their `#`. Undefined where it is computed at run time. */
  readonly name: string | undefined
  readonly kind: MemberKind
  readonly isStatic: boolean
  readonly isAbstract: boolean
  readonly node: Node
  /** The name's node, for spans. */
  readonly nameNode: Node
  readonly decorators: readonly Decorator[]
  /** Body of a method or accessor, or the function a field is initialised with. */
  readonly code: Closure | undefined
  readonly owner: ClassInfo
}

export interface ClassInfo {
  readonly node: Class
  /** The class's own name, or that of the const it is assigned to. */
  readonly name: string | undefined
  readonly members: readonly Member[]
  /** `elsewhere`: the base class is not a class of this file, so its members are unknown. */
  readonly base: ClassInfo | 'none' | 'elsewhere'
}

/** Describes every class of the file, with bases resolved inside the file. */
export function classInfos(tree: SyntaxTree): ReadonlyMap<Class, ClassInfo> {
  const infos = new Map<Class, ClassInfo>()
  const open = new Set<Class>()
  const describe = (node: Class): ClassInfo => {
    const known = infos.get(node)
    if (known !== undefined) return known
    open.add(node)
    const baseNode = baseOf(tree, node)
    const base = baseNode === 'none' || baseNode === 'elsewhere' ? baseNode : open.has(baseNode) ? 'elsewhere' : describe(baseNode)
    open.delete(node)
    const members: Member[] = []
    const info: ClassInfo = { node, name: nameOfClass(tree, node), members, base }
    members.push(...membersOf(info))
    infos.set(node, info)
    return info
  }
  for (const node of tree.classes) describe(node)
  return infos
}

/** The instance member a name means on an object of the class, overrides first. */
export function findMember(info: ClassInfo, name: string): Member | undefined {
  for (const owner of lineage(info)) {
    const found = owner.members.filter((member) => member.name === name && !member.isStatic)
    // An abstract declaration says nothing about the code that runs.
    const member = found.find((candidate) => !candidate.isAbstract && candidate.kind !== 'setter') ?? found[0]
    if (member !== undefined) return member
  }
  return undefined
}

/** The class, then its bases in this file. */
export function lineage(info: ClassInfo): readonly ClassInfo[] {
  const classes: ClassInfo[] = []
  for (let owner: ClassInfo | 'none' | 'elsewhere' = info; typeof owner === 'object'; owner = owner.base) classes.push(owner)
  return classes
}

/** Whether some base class is in another file. */
export function extendsElsewhere(info: ClassInfo): boolean {
  return lineage(info).at(-1)?.base === 'elsewhere'
}

function baseOf(tree: SyntaxTree, node: Class): Class | 'none' | 'elsewhere' {
  if (node.superClass === null) return 'none'
  const base = unwrap(node.superClass)
  const binding = tree.resolve(base)
  if (binding === undefined) return 'elsewhere'
  if (isClass(binding.declaration)) return binding.declaration
  if (binding.kind !== 'const' || binding.declaration.type !== 'VariableDeclarator' || !binding.declaration.init) return 'elsewhere'
  const init = unwrap(binding.declaration.init)
  return isClass(init) ? init : 'elsewhere'
}

function isClass(node: Node): node is Class {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression'
}

function nameOfClass(tree: SyntaxTree, node: Class): string | undefined {
  if (node.id) return node.id.name
  let value: Node = node
  let parent = tree.parents.get(node)
  while (parent !== undefined && unwrap(parent) === node) {
    value = parent
    parent = tree.parents.get(parent)
  }
  if (parent?.type === 'VariableDeclarator' && parent.init === value && parent.id.type === 'Identifier') return parent.id.name
  return undefined
}

function membersOf(owner: ClassInfo): readonly Member[] {
  const members: Member[] = []
  for (const node of owner.node.body.body) {
    if (node.type === 'StaticBlock') {
      members.push({
        name: undefined,
        kind: 'static-block',
        isStatic: true,
        isAbstract: false,
        node,
        nameNode: node,
        decorators: [],
        code: undefined,
        owner,
      })
      continue
    }
    if (node.type === 'TSIndexSignature') continue
    const shared = {
      name: keyName(node.key, node.computed),
      isStatic: node.static,
      node,
      nameNode: node.key,
      decorators: node.decorators,
      owner,
    }
    if (node.type === 'MethodDefinition' || node.type === 'TSAbstractMethodDefinition') {
      const isAbstract = node.type === 'TSAbstractMethodDefinition'
      const hasBody = node.value.body !== null
      // Overload signatures are types; the implementation that follows is the member.
      if (!hasBody && !isAbstract) continue
      members.push({ ...shared, kind: methodKind(node.kind), isAbstract, code: hasBody ? node.value : undefined })
      if (node.kind === 'constructor') members.push(...parameterProperties(owner, node.value))
      continue
    }
    const isAccessor = node.type === 'AccessorProperty' || node.type === 'TSAbstractAccessorProperty'
    const value = node.value ? unwrap(node.value) : undefined
    members.push({
      ...shared,
      kind: isAccessor ? 'accessor' : 'field',
      isAbstract: node.type.startsWith('TSAbstract'),
      code: value !== undefined && isClosure(value) ? value : undefined,
    })
  }
  return members
}

function parameterProperties(owner: ClassInfo, constructor: FunctionNode): readonly Member[] {
  const members: Member[] = []
  for (const parameter of constructor.params) {
    if (parameter.type !== 'TSParameterProperty') continue
    const { parameter: declared } = parameter
    const nameNode = declared.type === 'AssignmentPattern' ? declared.left : declared
    if (nameNode.type !== 'Identifier') continue
    members.push({
      name: nameNode.name,
      kind: 'field',
      isStatic: false,
      isAbstract: false,
      node: parameter,
      nameNode,
      decorators: [],
      code: undefined,
      owner,
    })
  }
  return members
}

function methodKind(kind: 'constructor' | 'method' | 'get' | 'set'): MemberKind {
  if (kind === 'get') return 'getter'
  if (kind === 'set') return 'setter'
  return kind
}
