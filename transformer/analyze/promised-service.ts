/** What written types say about services, in this file or in a module that can be read, without a type checker. */
import type { Closure, Node } from '../parse/ast.ts'
import { isClosure, keyName, memberName, unwrap } from '../parse/ast.ts'
import type { Member } from './class-info.ts'
import type { FileContext } from './file-context.ts'
import type { ModuleSource, OutsideDeclaration } from './outside-modules.ts'

/** The service's field and method of `this.service.method`. */
export function serviceMethod(callee: Node): { readonly service: string; readonly method: string } | undefined {
  const method = unwrap(callee)
  if (method.type !== 'MemberExpression') return undefined
  const service = unwrap(method.object)
  if (service.type !== 'MemberExpression' || unwrap(service.object).type !== 'ThisExpression') return undefined
  const names = [memberName(service), memberName(method)]
  return names[0] === undefined || names[1] === undefined ? undefined : { service: names[0], method: names[1] }
}

/** Whether the type of a field, as it is written, has a method of this name that answers a promise, whatever it is called with. */
export function answersPromise(file: FileContext, field: Member, method: string): boolean {
  const { node } = field
  const search: Search = { file, method, depth: 0 }
  const declared = node.type === 'TSParameterProperty' ? node.parameter : node
  const target = declared.type === 'AssignmentPattern' ? declared.left : declared
  const annotation = 'typeAnnotation' in target ? target.typeAnnotation : undefined
  const value = 'value' in node && typeof node.value === 'object' && node.value !== null ? (node.value as Node) : undefined
  return isAlwaysPromising(membersOfValue(search, { module: file, annotation, value }))
}

/** The same for a service that is a variable of a module: `payments.charge`. */
export function serviceAnswersPromise(file: FileContext, callee: Node): boolean {
  const called = unwrap(callee)
  const object = called.type === 'MemberExpression' ? unwrap(called.object) : undefined
  const method = called.type === 'MemberExpression' ? memberName(called) : undefined
  if (object?.type !== 'Identifier' || method === undefined || file.tree.resolve(object)?.scope.kind !== 'module') return false
  const found = file.modules.find(file, object.name)
  if (found?.node.type !== 'VariableDeclarator') return false
  const { id, init } = found.node
  const annotation = 'typeAnnotation' in id ? id.typeAnnotation : undefined
  return isAlwaysPromising(membersOfValue({ file, method, depth: 0 }, { module: found.module, annotation, value: init ?? undefined }))
}

interface Value {
  readonly module: ModuleSource
  readonly annotation: Node | null | undefined
  readonly value: Node | undefined
}

/** What is written about a value says more than what it is made with. */
function membersOfValue(search: Search, { module, annotation, value }: Value): readonly Node[] {
  if (annotation?.type === 'TSTypeAnnotation') return membersOf(search, { module, node: annotation.typeAnnotation })
  const made = value === undefined ? undefined : unwrap(value)
  if (made?.type === 'NewExpression') return membersNamed(search, module, unwrap(made.callee))
  return made?.type === 'ObjectExpression' ? made.properties.filter((property) => isNamed(property, search.method)) : []
}

interface Search {
  readonly file: FileContext
  readonly method: string
  readonly depth: number
}

/** Types that only change what may be left out or assigned. */
const SAME_MEMBERS: ReadonlySet<string> = new Set(['Readonly', 'Required', 'Partial', 'NonNullable'])
const DEEPEST = 6

/** The members of the wanted name that a type has; none where that is not known. */
function membersOf(search: Search, { module, node }: OutsideDeclaration): readonly Node[] {
  const deeper = { ...search, depth: search.depth + 1 }
  if (deeper.depth > DEEPEST) return []
  switch (node.type) {
    case 'TSTypeLiteral':
      return node.members.filter((member) => isNamed(member, search.method))
    case 'TSIntersectionType':
      return node.types.flatMap((type) => membersOf(deeper, { module, node: type }))
    case 'TSTypeAliasDeclaration':
    case 'TSParenthesizedType':
      return membersOf(deeper, { module, node: node.typeAnnotation })
    case 'TSTypeReference': {
      const inner = node.typeName.type === 'Identifier' && SAME_MEMBERS.has(node.typeName.name) ? node.typeArguments?.params[0] : undefined
      return inner === undefined ? membersNamed(deeper, module, node.typeName) : membersOf(deeper, { module, node: inner })
    }
    case 'TSInterfaceDeclaration': {
      const own = node.body.body.filter((member) => isNamed(member, search.method))
      return own.length > 0 ? own : node.extends.flatMap(({ expression }) => membersNamed(deeper, module, expression))
    }
    case 'ClassDeclaration':
    case 'ClassExpression': {
      const own = node.body.body.filter((member) => isNamed(member, search.method))
      return own.length > 0 || !node.superClass ? own : membersNamed(deeper, module, unwrap(node.superClass))
    }
    default:
      return []
  }
}

/** `Payments`, or `services.Payments` of a module taken whole. */
function membersNamed(search: Search, module: ModuleSource, name: Node): readonly Node[] {
  const { modules } = search.file
  let found: OutsideDeclaration | undefined
  if (name.type === 'Identifier') found = modules.find(module, name.name)
  else if (name.type === 'TSQualifiedName' && name.left.type === 'Identifier')
    found = modules.findMember(module, name.left.name, name.right.name)
  else if (name.type === 'MemberExpression' && name.object.type === 'Identifier')
    found = modules.findMember(module, name.object.name, memberName(name) ?? '')
  return found === undefined ? [] : membersOf(search, found)
}

function isNamed(member: Node, name: string): boolean {
  return 'key' in member && 'computed' in member && keyName(member.key as Node, member.computed === true) === name
}

/** Overloads may answer differently; which one is called is for a type checker to say. */
function isAlwaysPromising(members: readonly Node[]): boolean {
  const signatures = members.filter((member) => member.type !== 'MethodDefinition' || member.value.body === null)
  const seen = signatures.length > 0 ? signatures : members
  return seen.length > 0 && seen.every(isPromising)
}

function isPromising(member: Node): boolean {
  switch (member.type) {
    case 'TSMethodSignature':
      return isPromise(member.returnType?.typeAnnotation)
    case 'MethodDefinition':
    case 'TSAbstractMethodDefinition':
      return member.kind === 'method' && isPromisingFunction(member.value)
    case 'TSPropertySignature':
    case 'PropertyDefinition': {
      const type = member.typeAnnotation?.typeAnnotation
      if (type !== undefined) return type.type === 'TSFunctionType' && isPromise(type.returnType?.typeAnnotation)
      const value = 'value' in member && member.value !== null ? unwrap(member.value) : undefined
      return value !== undefined && isClosure(value) && isPromisingFunction(value)
    }
    case 'Property': {
      const value = unwrap(member.value)
      return isClosure(value) && isPromisingFunction(value)
    }
    default:
      return false
  }
}

function isPromisingFunction({ generator, async, returnType }: Closure): boolean {
  return !generator && (async || isPromise(returnType?.typeAnnotation))
}

function isPromise(type: Node | null | undefined): boolean {
  return type?.type === 'TSTypeReference' && type.typeName.type === 'Identifier' && /^Promise(?:Like)?$/.test(type.typeName.name)
}
