/** What types written in the file itself say about services, without a type checker. */
import type { Node } from '../parse/ast.ts'
import { keyName, memberName, unwrap } from '../parse/ast.ts'
import type { Member } from './class-info.ts'
import type { SyntaxTree } from './syntax-tree.ts'

/** The service's field and method of `this.service.method`. */
export function serviceMethod(callee: Node): { readonly service: string; readonly method: string } | undefined {
  const method = unwrap(callee)
  if (method.type !== 'MemberExpression') return undefined
  const service = unwrap(method.object)
  if (service.type !== 'MemberExpression' || unwrap(service.object).type !== 'ThisExpression') return undefined
  const names = [memberName(service), memberName(method)]
  return names[0] === undefined || names[1] === undefined ? undefined : { service: names[0], method: names[1] }
}

/** Whether the type of a field, as the file writes it, has a method of this name that answers a promise. */
export function answersPromise(tree: SyntaxTree, field: Member, method: string): boolean {
  const { node } = field
  const declared = node.type === 'TSParameterProperty' ? node.parameter : node
  const target = declared.type === 'AssignmentPattern' ? declared.left : declared
  const annotation = 'typeAnnotation' in target ? target.typeAnnotation : undefined
  const type = annotation?.type === 'TSTypeAnnotation' ? annotation.typeAnnotation : undefined
  return type !== undefined && membersOf(tree, type).some((member) => isNamed(member, method) && isPromising(member))
}

function membersOf(tree: SyntaxTree, type: Node): readonly Node[] {
  if (type.type === 'TSTypeLiteral') return type.members
  if (type.type !== 'TSTypeReference' || type.typeName.type !== 'Identifier') return []
  const { name } = type.typeName
  return tree.program.body.flatMap((statement): readonly Node[] => {
    const declared = 'declaration' in statement && statement.declaration ? statement.declaration : statement
    if (!('id' in declared) || declared.id?.type !== 'Identifier' || declared.id.name !== name) return []
    if (declared.type === 'TSInterfaceDeclaration' || declared.type === 'ClassDeclaration') return declared.body.body
    return declared.type === 'TSTypeAliasDeclaration' && declared.typeAnnotation.type === 'TSTypeLiteral'
      ? declared.typeAnnotation.members
      : []
  })
}

function isNamed(member: Node, name: string): boolean {
  return 'key' in member && 'computed' in member && keyName(member.key as Node, member.computed === true) === name
}

function isPromising(member: Node): boolean {
  switch (member.type) {
    case 'TSMethodSignature':
      return isPromise(member.returnType?.typeAnnotation)
    case 'MethodDefinition':
    case 'TSAbstractMethodDefinition':
      return member.value.async || isPromise(member.value.returnType?.typeAnnotation)
    case 'TSPropertySignature': {
      const type = member.typeAnnotation?.typeAnnotation
      return type?.type === 'TSFunctionType' && isPromise(type.returnType?.typeAnnotation)
    }
    default:
      return false
  }
}

function isPromise(type: Node | null | undefined): boolean {
  return type?.type === 'TSTypeReference' && type.typeName.type === 'Identifier' && /^Promise(?:Like)?$/.test(type.typeName.name)
}
