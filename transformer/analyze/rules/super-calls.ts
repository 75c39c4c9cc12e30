import type { Node } from '../../parse/ast.ts'
import { extendsElsewhere, type Member } from '../class-info.ts'
import { findDecorators } from '../declared-steps.ts'
import { textOf } from '../file-context.ts'
import { callOf } from '../method-code.ts'
import { memberElsewhere } from '../outside-class.ts'
import { inherited, type Process } from '../process-code.ts'
import { durableElsewhere } from '../reached-elsewhere.ts'
import { tellElsewhere } from './bases-elsewhere.ts'

/** CATGA117: a base class's step or helper is called through `super`, where it would not find its place. */
export function superCalls(process: Process): void {
  const { file } = process
  for (const member of [...process.reached, ...process.steps.map((step) => step.member)]) {
    for (const { node, name } of process.codeOf(member)?.superMembers ?? []) {
      const target = name === undefined ? undefined : inherited(member.owner, name)
      const at = callOf(file.tree, node) ?? node
      if (target === undefined) {
        if (extendsElsewhere(member.owner)) checkElsewhere(process, member, { at, name })
        continue
      }
      const isStep = findDecorators(file, target.decorators, 'ProcessStep').length > 0
      if (isStep || process.helpers.includes(target) || target.name === 'execute') file.report('CATGA117', at, { method: name ?? '?' })
    }
  }
}

interface SuperUse {
  readonly at: Node
  readonly name: string | undefined
}

function checkElsewhere(process: Process, member: Member, { at, name }: SuperUse): void {
  const { file } = process
  const found = name === undefined ? undefined : memberElsewhere(file, process.info, name)
  if (found !== undefined && name !== undefined) {
    if (durableElsewhere(process, found) !== undefined || name === 'execute') return file.report('CATGA117', at, { method: name })
    if (process.reached.includes(member)) tellElsewhere(process, found, { at, name: `super.${name}` })
    return
  }
  // In a step a base class's method is plain code; in process code nobody knows what it awaits.
  if (process.reached.includes(member) && file.tree.parents.get(at)?.type === 'AwaitExpression')
    file.report('CATGA112', at, { what: `"${textOf(file, at)}"` })
}
