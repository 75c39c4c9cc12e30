import type { Node } from '../parse/ast.ts'
import { type ClassInfo, lineage, type Member } from './class-info.ts'
import { isInstanceThis, type MethodCode, methodCode } from './method-code.ts'
import type { Process } from './process-code.ts'

/** Code of one member, whatever its kind. */
export interface ClassCode extends MethodCode<Node> {
  readonly member: Member
  readonly owner: ClassInfo
  /** Whether a `this` in the code is the process instance (or the class, in static members). */
  isInstanceThis(node: Node): boolean
}

/** Each rule asks for the same code; a process does not change. */
const known = new WeakMap<Process, readonly ClassCode[]>()

/** The code of all instance members of a process and its bases in this file. */
export function allCode(process: Process): readonly ClassCode[] {
  const before = known.get(process)
  if (before !== undefined) return before
  const all = gather(process)
  known.set(process, all)
  return all
}

function gather(process: Process): readonly ClassCode[] {
  const all: ClassCode[] = []
  for (const owner of lineage(process.info)) {
    for (const member of owner.members) {
      if (member.isStatic || member.node.type === 'TSParameterProperty') continue
      const code = codeOfMember(process, member)
      if (code !== undefined)
        all.push({ ...code, member, owner, isInstanceThis: (node) => isInstanceThis(process.file.tree, node, code.root) })
    }
  }
  return all
}

function codeOfMember(process: Process, member: Member): MethodCode<Node> | undefined {
  const code = process.codeOf(member)
  if (code !== undefined) return code
  if (member.kind !== 'field' && member.kind !== 'accessor') return undefined
  const { node } = member
  const value = 'value' in node ? node.value : undefined
  return value === null || typeof value !== 'object' ? undefined : methodCode(process.file.tree, process.file.catga, node)
}

/** Whether compiled calls of a member carry a token: steps and helpers with a scope. */
export function takesToken(process: Process, member: Member): boolean {
  return process.stepOf(member) !== undefined || process.helpers.includes(member)
}
