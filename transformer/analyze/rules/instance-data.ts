import type { Node } from '../../parse/ast.ts'
import { memberName, unwrap } from '../../parse/ast.ts'
import type { MethodCode } from '../method-code.ts'
import type { Process } from '../process-code.ts'

/** CATGA128: a step leaves data in a field that process code reads; on replay the step does not run. */
export function instanceData(process: Process): void {
  const read = fieldsRead(process)
  for (const step of process.steps) {
    const code = process.codeOf(step.member)
    if (code === undefined) continue
    for (const { left } of code.of('AssignmentExpression')) tell(process, { step: step.name, target: left, code, read })
    for (const { argument } of code.of('UpdateExpression')) tell(process, { step: step.name, target: argument, code, read })
  }
}

interface Assigned {
  readonly step: string
  readonly target: Node
  readonly code: MethodCode
  readonly read: ReadonlySet<string>
}

function tell(process: Process, { step, target, code, read }: Assigned): void {
  let node = unwrap(target)
  // `this.totals.net = 1` changes the field `totals`.
  while (node.type === 'MemberExpression' && unwrap(node.object).type === 'MemberExpression') node = unwrap(node.object)
  const used = code.thisMembers.find((candidate) => candidate.node === node)
  if (used?.name === undefined || !used.ofInstance || !read.has(used.name)) return
  process.file.report('CATGA128', target, { step, field: used.name })
}

function fieldsRead(process: Process): ReadonlySet<string> {
  const read = new Set<string>()
  for (const member of process.reached) {
    for (const { node, name, ofInstance, call } of process.codeOf(member)?.thisMembers ?? []) {
      if (name === undefined || !ofInstance || call !== undefined) continue
      const parent = process.file.tree.parents.get(node)
      if (parent?.type === 'AssignmentExpression' && parent.left === node && parent.operator === '=') continue
      const target = process.find(name, member.owner)
      if (target?.kind !== 'method') read.add(memberName(node) ?? name)
    }
  }
  return read
}
