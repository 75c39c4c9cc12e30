/**
 * A program with what the grammar alone does not tell: parents, and which declaration an identifier means.
 *
 * 1. Only value positions count as references; names used in types are kept apart in `typeUses`.
 * 2. `resolve` answers undefined for globals.
 * 3. Everything is built in one walk; references are resolved after it, because declarations are hoisted.
 */
import type { Class, Closure, Node, Program } from '../parse/ast.ts'
import { childKeys, type Fields, isList } from '../parse/children.ts'

export type BindingKind = 'import' | 'const' | 'let' | 'var' | 'using' | 'param' | 'function' | 'class' | 'catch' | 'enum' | 'namespace'

export interface Binding {
  readonly name: string
  readonly kind: BindingKind
  /** The identifier that declares the name. */
  readonly node: Node
  /** Declarator, function, class, import specifier, catch clause, or for parameters the function. */
  readonly declaration: Node
  readonly scope: Scope
  readonly references: Node[]
}

export interface Scope {
  readonly kind: 'module' | 'function' | 'block'
  readonly node: Node
  readonly parent: Scope | undefined
  readonly bindings: Map<string, Binding>
}

export interface SyntaxTree {
  readonly program: Program
  readonly parents: ReadonlyMap<Node, Node>
  /** Names that occur in type positions. */
  readonly typeUses: ReadonlySet<string>
  readonly classes: readonly Class[]
  /** What a use of a name means. */
  resolve(identifier: Node): Binding | undefined
  /** What the identifier itself declares. */
  declaredBy(identifier: Node): Binding | undefined
}

interface Build {
  readonly parents: Map<Node, Node>
  readonly typeUses: Set<string>
  readonly classes: Class[]
  readonly declared: Map<Node, Binding>
  readonly pending: { readonly node: Node; readonly name: string; readonly scope: Scope }[]
}

export function syntaxTree(program: Program): SyntaxTree {
  const build: Build = { parents: new Map(), typeUses: new Set(), classes: [], declared: new Map(), pending: [] }
  const module = newScope('module', program, undefined)
  for (const statement of program.body) visit(build, statement, program, module)
  const resolved = new Map<Node, Binding>()
  for (const { node, name, scope } of build.pending) {
    const binding = lookUp(name, scope)
    if (binding === undefined) continue
    resolved.set(node, binding)
    binding.references.push(node)
  }
  const { parents, typeUses, classes, declared } = build
  return {
    program,
    parents,
    typeUses,
    classes,
    resolve: (identifier) => resolved.get(identifier),
    declaredBy: (identifier) => declared.get(identifier),
  }
}

function newScope(kind: Scope['kind'], node: Node, parent: Scope | undefined): Scope {
  return { kind, node, parent, bindings: new Map() }
}

function lookUp(name: string, from: Scope): Binding | undefined {
  for (let scope: Scope | undefined = from; scope !== undefined; scope = scope.parent) {
    const binding = scope.bindings.get(name)
    if (binding !== undefined) return binding
  }
  return undefined
}

interface Declaring {
  readonly kind: BindingKind
  readonly declaration: Node
  readonly scope: Scope
}

function declare(build: Build, identifier: Node, { kind, declaration, scope }: Declaring): void {
  if (identifier.type !== 'Identifier') return
  let target = scope
  if (kind === 'var') while (target.kind === 'block' && target.parent !== undefined) target = target.parent
  const earlier = target.bindings.get(identifier.name)
  if (earlier !== undefined && earlier.declaration.type !== 'TSDeclareFunction') return
  const binding: Binding = { name: identifier.name, kind, node: identifier, declaration, scope: target, references: [] }
  target.bindings.set(identifier.name, binding)
  build.declared.set(identifier, binding)
}

/** Declares the names of a binding pattern; defaults and computed keys in it are ordinary expressions of `inner`. */
function declarePattern(build: Build, pattern: Node, parent: Node, as: Declaring, inner: Scope): void {
  build.parents.set(pattern, parent)
  if ('typeAnnotation' in pattern && pattern.typeAnnotation) visitType(build, pattern.typeAnnotation)
  switch (pattern.type) {
    case 'Identifier':
      return declare(build, pattern, as)
    case 'AssignmentPattern':
      declarePattern(build, pattern.left, pattern, as, inner)
      return visit(build, pattern.right, pattern, inner)
    case 'RestElement':
      return declarePattern(build, pattern.argument, pattern, as, inner)
    case 'ArrayPattern':
      for (const element of pattern.elements) if (element !== null) declarePattern(build, element, pattern, as, inner)
      return
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        build.parents.set(property, pattern)
        if (property.type === 'RestElement') {
          declarePattern(build, property.argument, property, as, inner)
          continue
        }
        if (property.computed) visit(build, property.key, property, inner)
        declarePattern(build, property.value, property, as, inner)
      }
      return
    case 'TSParameterProperty':
      for (const decorator of pattern.decorators) visit(build, decorator, pattern, inner)
      return declarePattern(build, pattern.parameter, pattern, as, inner)
    default:
      visit(build, pattern, parent, inner)
  }
}

function visitType(build: Build, node: Node): void {
  if (node.type === 'Identifier') build.typeUses.add(node.name)
  const fields = node as unknown as Fields
  for (const key of childKeys(node)) {
    const field = fields[key]
    if (field === null || field === undefined) continue
    if (!isList(field)) visitType(build, field)
    else for (const child of field) if (child !== null) visitType(build, child)
  }
}

function visitChildren(build: Build, node: Node, scope: Scope): void {
  const fields = node as unknown as Fields
  for (const key of childKeys(node)) {
    const field = fields[key]
    if (field === null || field === undefined) continue
    if (!isList(field)) visit(build, field, node, scope)
    else for (const child of field) if (child !== null) visit(build, child, node, scope)
  }
}

function visit(build: Build, node: Node, parent: Node, scope: Scope): void {
  build.parents.set(node, parent)
  switch (node.type) {
    case 'Identifier':
      build.pending.push({ node, name: node.name, scope })
      return
    case 'JSXIdentifier':
      if (parent.type === 'JSXOpeningElement' || parent.type === 'JSXMemberExpression') build.pending.push({ node, name: node.name, scope })
      return
    case 'MemberExpression':
      visit(build, node.object, node, scope)
      if (node.computed) visit(build, node.property, node, scope)
      return
    case 'MetaProperty':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'ExportAllDeclaration':
      return
    case 'LabeledStatement':
      return visit(build, node.body, node, scope)
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return visitFunction(build, node, scope)
    case 'ClassDeclaration':
    case 'ClassExpression':
      return visitClass(build, node, scope)
    case 'BlockStatement':
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'SwitchStatement':
    case 'TSModuleBlock':
      return visitChildren(build, node, newScope('block', node, scope))
    case 'StaticBlock':
      return visitChildren(build, node, newScope('function', node, scope))
    default:
      return visitOther(build, node, parent, scope)
  }
}

function visitOther(build: Build, node: Node, parent: Node, scope: Scope): void {
  switch (node.type) {
    case 'Property':
      if (node.computed) visit(build, node.key, node, scope)
      return visit(build, node.value, node, scope)
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'AccessorProperty':
    case 'TSAbstractMethodDefinition':
    case 'TSAbstractPropertyDefinition':
    case 'TSAbstractAccessorProperty':
      for (const decorator of node.decorators) visit(build, decorator, node, scope)
      if (node.computed) visit(build, node.key, node, scope)
      if ('typeAnnotation' in node && node.typeAnnotation) visitType(build, node.typeAnnotation)
      if (node.value) visit(build, node.value, node, scope)
      return
    case 'VariableDeclarator': {
      const kind = parent.type === 'VariableDeclaration' ? parent.kind : 'let'
      const as: Declaring = { kind: kind === 'await using' ? 'using' : kind, declaration: node, scope }
      declarePattern(build, node.id, node, as, scope)
      if (node.init) visit(build, node.init, node, scope)
      return
    }
    case 'CatchClause': {
      const inner = newScope('block', node, scope)
      if (node.param) declarePattern(build, node.param, node, { kind: 'catch', declaration: node, scope: inner }, inner)
      return visit(build, node.body, node, inner)
    }
    case 'ImportDeclaration':
      for (const specifier of node.specifiers) {
        build.parents.set(specifier, node)
        declare(build, specifier.local, { kind: 'import', declaration: specifier, scope })
      }
      return
    case 'ExportNamedDeclaration':
      if (node.source !== null) return
      return visitChildren(build, node, scope)
    case 'ExportSpecifier':
      if (node.local.type === 'Identifier') visit(build, node.local, node, scope)
      return
    case 'TSEnumDeclaration':
      declare(build, node.id, { kind: 'enum', declaration: node, scope })
      for (const member of node.body.members) if (member.initializer) visit(build, member.initializer, node, scope)
      return
    case 'TSModuleDeclaration':
      declare(build, node.id, { kind: 'namespace', declaration: node, scope })
      if (node.body) visit(build, node.body, node, scope)
      return
    case 'TSImportEqualsDeclaration':
      declare(build, node.id, { kind: 'import', declaration: node, scope })
      return
    case 'TSDeclareFunction':
      if (node.id) declare(build, node.id, { kind: 'function', declaration: node, scope })
      return visitType(build, node)
    case 'TSExportAssignment':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'TSInstantiationExpression':
      return visitChildren(build, node, scope)
    default:
      return node.type.startsWith('TS') ? visitType(build, node) : visitChildren(build, node, scope)
  }
}

function visitFunction(build: Build, node: Closure, scope: Scope): void {
  if (node.type === 'FunctionDeclaration' && node.id) declare(build, node.id, { kind: 'function', declaration: node, scope })
  const inner = newScope('function', node, scope)
  if (node.type === 'FunctionExpression' && node.id) declare(build, node.id, { kind: 'function', declaration: node, scope: inner })
  if (node.typeParameters) visitType(build, node.typeParameters)
  if (node.returnType) visitType(build, node.returnType)
  for (const parameter of node.params) declarePattern(build, parameter, node, { kind: 'param', declaration: node, scope: inner }, inner)
  if (node.body) visit(build, node.body, node, inner)
}

function visitClass(build: Build, node: Class, scope: Scope): void {
  build.classes.push(node)
  if (node.type === 'ClassDeclaration' && node.id) declare(build, node.id, { kind: 'class', declaration: node, scope })
  const inner = newScope('block', node, scope)
  if (node.type === 'ClassExpression' && node.id) declare(build, node.id, { kind: 'class', declaration: node, scope: inner })
  for (const decorator of node.decorators) visit(build, decorator, node, scope)
  if (node.superClass) visit(build, node.superClass, node, inner)
  for (const part of [node.typeParameters, node.superTypeArguments, ...(node.implements ?? [])]) if (part) visitType(build, part)
  build.parents.set(node.body, node)
  for (const member of node.body.body) visit(build, member, node.body, inner)
}
