import type { Node } from '../../parse/ast.ts'
import { keyName, memberName, unwrap } from '../../parse/ast.ts'
import type { Member } from '../class-info.ts'
import { callOf, outermost, type ThisMember } from '../method-code.ts'
import { allCode, type ClassCode, takesToken } from '../class-code.ts'
import type { Process } from '../process-code.ts'
import { textOf } from '../file-context.ts'

/** CATGA102: a step or helper is read, bound, destructured or reached through another name than `this`. */
export function valueUse(process: Process): void {
  for (const code of allCode(process)) {
    for (const used of code.thisMembers) if (used.ofInstance) checkMember(process, code, used)
    checkAliases(process, code)
  }
}

function checkMember(process: Process, code: ClassCode, used: ThisMember): void {
  const { file } = process
  if (used.name === undefined) {
    if (used.call === undefined || !code.member || !process.reached.includes(code.member)) return
    file.report('CATGA102', used.call, {
      subject: `"${textOf(file, used.node)}"`,
      how: 'called by a name that is computed at run time',
      method: 'step',
    })
    return
  }
  const target = process.find(used.name, code.owner)
  if (target === undefined || used.call !== undefined || !takesToken(process, target)) return
  const how = howUsed(process, used.node)
  if (how !== undefined) file.report('CATGA102', used.node, { subject: `"this.${used.name}"`, how, method: used.name })
}

function howUsed(process: Process, node: Node): string | undefined {
  const outer = outermost(process.file.tree, node)
  const parent = process.file.tree.parents.get(outer)
  if (parent === undefined) return undefined
  if (parent.type === 'UnaryExpression' && parent.operator === 'typeof') return undefined
  if (parent.type === 'MemberExpression') return `used through ".${memberName(parent) ?? '…'}" instead of being called`
  if (parent.type === 'AssignmentExpression' && parent.left === outer) return 'assigned'
  if (parent.type === 'CallExpression') return 'passed as a value'
  if (parent.type === 'TaggedTemplateExpression') return 'called as a template tag'
  return 'used as a value'
}

function checkAliases(process: Process, code: ClassCode): void {
  for (const declarator of code.of('VariableDeclarator'))
    if (declarator.init && isThis(code, declarator.init)) checkTarget(process, code, declarator.id)
  for (const assignment of code.of('AssignmentExpression')) if (isThis(code, assignment.right)) checkTarget(process, code, assignment.left)
}

function isThis(code: ClassCode, node: Node): boolean {
  const inner = unwrap(node)
  return inner.type === 'ThisExpression' && code.isInstanceThis(inner)
}

/** What `this` is assigned to: a pattern takes members out of it, a name makes another way to reach them. */
function checkTarget(process: Process, code: ClassCode, target: Node): void {
  const { tree } = process.file
  if (target.type === 'ObjectPattern') {
    for (const property of target.properties) {
      if (property.type !== 'Property') continue
      const name = keyName(property.key, property.computed)
      const member = name === undefined ? undefined : process.find(name, code.owner)
      if (member === undefined || name === undefined || !takesToken(process, member)) continue
      process.file.report('CATGA102', property, { subject: `"${name}"`, how: 'taken out of "this"', method: name })
    }
    return
  }
  const binding = target.type === 'Identifier' ? (tree.declaredBy(target) ?? tree.resolve(target)) : undefined
  for (const reference of binding?.references ?? []) {
    const outer = outermost(tree, reference)
    const parent = tree.parents.get(outer)
    if (parent?.type === 'VariableDeclarator' && parent.init === outer && parent.id.type === 'ObjectPattern')
      checkTarget(process, code, parent.id)
    if (parent?.type !== 'MemberExpression' || parent.object !== outer) continue
    const name = memberName(parent)
    const member: Member | undefined = name === undefined ? undefined : process.find(name, code.owner)
    if (member === undefined || name === undefined || !takesToken(process, member)) continue
    const at = callOf(tree, parent) ?? parent
    process.file.report('CATGA102', at, {
      subject: `"${textOf(process.file, parent)}"`,
      how: 'reached through another name than "this"',
      method: name,
    })
  }
}
