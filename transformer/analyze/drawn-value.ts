/**
 * Values that time or randomness went into where nothing replays it: fields of the instance, which is made anew with each takeover, and
 * variables of modules, which are loaded anew in each worker.
 *
 * Only what an expression comes to by itself counts, not what an unknown function or constructor makes of such an argument: a logger
 * that was given the time is no time.
 */
import type { CallExpression, NewExpression, Node } from '../parse/ast.ts'
import { isClosure, keyName, memberName, unwrap } from '../parse/ast.ts'
import { isDerivedPath } from './derived.ts'
import { isComputing } from './durability.ts'
import { type FileContext, textOf } from './file-context.ts'
import { globalPath, importSource } from './global-path.ts'
import type { ModuleSource, OutsideDeclaration } from './outside-modules.ts'
import { isRandomPackage } from './platform.ts'

export interface DrawnSearch {
  readonly file: FileContext
  readonly module: ModuleSource
  /** What is known of `this.name`. */
  readonly ofField?: (name: string) => string | undefined
  readonly depth?: number
}

const DEEPEST = 12

/** The text that asks for time or randomness, where it goes into the value of an expression. */
export function drawnValue(search: DrawnSearch, expression: Node | null | undefined): string | undefined {
  const { depth = 0 } = search
  if (!expression || depth > DEEPEST) return undefined
  const deeper = { ...search, depth: depth + 1 }
  const any = (nodes: readonly (Node | null)[]): string | undefined => {
    for (const node of nodes) {
      const found = drawnValue(deeper, node)
      if (found !== undefined) return found
    }
    return undefined
  }
  const node = unwrap(expression)
  switch (node.type) {
    case 'CallExpression':
    case 'NewExpression':
      return drawnCall(deeper, node, any)
    case 'BinaryExpression':
    case 'LogicalExpression':
      return any([node.left, node.right])
    case 'ConditionalExpression':
      return any([node.test, node.consequent, node.alternate])
    case 'TemplateLiteral':
    case 'SequenceExpression':
      return any(node.expressions)
    case 'UnaryExpression':
    case 'AwaitExpression':
    case 'SpreadElement':
      return any([node.argument])
    case 'AssignmentExpression':
      return any([node.right])
    case 'ArrayExpression':
      return any(node.elements)
    case 'ObjectExpression':
      return any(node.properties.map((property) => (property.type === 'Property' ? property.value : property)))
    case 'MemberExpression':
      return drawnMember(deeper, node)
    case 'Identifier':
      return drawnVariable(deeper, node)
    default:
      return undefined
  }
}

function drawnCall(
  search: DrawnSearch,
  node: CallExpression | NewExpression,
  any: (nodes: readonly Node[]) => string | undefined,
): string | undefined {
  const { module, file } = search
  const path = globalPath(module.tree, node.callee)
  const text = textOf(module, node)
  if (path !== undefined && isDrawing(path, node)) return text
  if (path !== undefined && isComputing(path)) return any(node.arguments) ?? drawnReceiver(search, node.callee)
  if (isFromRandomPackage(module, node.callee)) return text
  const source = node.type === 'CallExpression' ? file.outside.find(module, unwrap(node.callee)) : undefined
  if (source === undefined) return drawnReceiver(search, node.callee)
  return file.outside.judge(source)?.what.startsWith('uses ') === true ? text : any(node.arguments)
}

function isDrawing(path: string, { type, arguments: given }: CallExpression | NewExpression): boolean {
  if (path === 'Date') return type === 'CallExpression' || given.length === 0
  return isDerivedPath(path) || /^(?:process\.(?:hrtime|uptime)|crypto\.random)/.test(path)
}

function isFromRandomPackage({ tree }: ModuleSource, callee: Node): boolean {
  let root = unwrap(callee)
  while (root.type === 'MemberExpression') root = unwrap(root.object)
  const binding = root.type === 'Identifier' ? tree.resolve(root) : undefined
  return binding !== undefined && isRandomPackage(importSource(tree, binding) ?? '')
}

/** `Date.now().toString()` */
function drawnReceiver(search: DrawnSearch, callee: Node): string | undefined {
  const called = unwrap(callee)
  return called.type === 'MemberExpression' ? drawnValue(search, called.object) : undefined
}

function drawnMember(search: DrawnSearch, node: Node & { readonly type: 'MemberExpression' }): string | undefined {
  const { tree } = search.module
  const name = memberName(node)
  const object = unwrap(node.object)
  const whole = declarationOf(search, node)
  if (whole?.node.type === 'VariableDeclarator') return drawnValue({ ...search, module: whole.module }, whole.node.init)
  if (globalPath(tree, node) === 'performance.timeOrigin') return textOf(search.module, node)
  if (object.type === 'ThisExpression') return name === undefined ? undefined : search.ofField?.(name)
  const found = declarationOf(search, object)
  if (found === undefined || name === undefined) return drawnValue(search, object)
  const there = { ...search, module: found.module }
  const { node: declaration } = found
  if (declaration.type === 'ClassDeclaration') return drawnStatic(there, declaration.body.body, name)
  const literal = declaration.type === 'VariableDeclarator' && declaration.init ? unwrap(declaration.init) : undefined
  return literal?.type === 'ObjectExpression' ? drawnProperty(there, literal, name) : drawnValue(search, object)
}

/** What declares a name, here or in the module it is imported from. */
function declarationOf({ file, module }: DrawnSearch, name: Node): OutsideDeclaration | undefined {
  if (name.type === 'MemberExpression' && name.object.type === 'Identifier')
    return file.modules.findMember(module, name.object.name, memberName(name) ?? '')
  const binding = name.type === 'Identifier' ? module.tree.resolve(name) : undefined
  if (binding === undefined) return undefined
  const imported = binding.kind === 'import' ? file.modules.find(module, binding.name) : undefined
  return imported ?? { module, node: binding.declaration }
}

function drawnStatic(search: DrawnSearch, members: readonly Node[], name: string | undefined): string | undefined {
  for (const member of members) {
    if (member.type === 'PropertyDefinition' && member.static && keyName(member.key, member.computed) === name)
      return drawnValue(search, member.value)
  }
  return undefined
}

/** One property of an object that is written out, whatever the others are. */
export function drawnProperty(
  search: DrawnSearch,
  literal: Node & { readonly type: 'ObjectExpression' },
  name: string,
): string | undefined {
  for (const property of literal.properties) {
    const isWanted = property.type !== 'Property' || keyName(property.key, property.computed) === name
    const found = isWanted ? drawnValue(search, property.type === 'Property' ? property.value : property.argument) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

function drawnVariable(search: DrawnSearch, node: Node): string | undefined {
  const { file, module } = search
  const binding = module.tree.resolve(node)
  if (binding === undefined) return undefined
  if (binding.kind === 'param') {
    const parent = module.tree.parents.get(binding.node)
    return parent?.type === 'AssignmentPattern' ? drawnValue(search, parent.right) : undefined
  }
  if (binding.kind === 'import') {
    const found = file.modules.find(module, binding.name)
    if (found?.node.type !== 'VariableDeclarator') return undefined
    return drawnValue({ file, module: found.module, depth: search.depth ?? 0 }, found.node.init)
  }
  const { declaration } = binding
  if (declaration.type !== 'VariableDeclarator' || !declaration.init || isClosure(unwrap(declaration.init))) return undefined
  return drawnValue(search, declaration.init)
}
