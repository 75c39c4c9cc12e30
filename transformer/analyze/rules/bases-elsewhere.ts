/**
 * CATGA120, CATGA122, CATGA123, CATGA130: what a process uses of base classes in other modules. They are compiled in their own files, or
 * not at all, so durable code of theirs has no place in this process's journal, and nothing of theirs is rewritten.
 */
import type { Node } from '../../parse/ast.ts'
import { lineage } from '../class-info.ts'
import { takesToken } from '../class-code.ts'
import { textOf } from '../file-context.ts'
import {
  basesElsewhere as bases,
  isStepElsewhere,
  memberElsewhere,
  namesUsed,
  type OutsideMember,
  placeElsewhere,
} from '../outside-class.ts'
import type { Process } from '../process-code.ts'
import { durableElsewhere, verdictElsewhere } from '../reached-elsewhere.ts'

export function basesElsewhere(process: Process): void {
  const { file, info } = process
  if (bases(file, info).length === 0) return
  checkConstruction(process)
  checkOverrides(process)
  for (const member of process.reached) {
    for (const { name, node, call, ofInstance } of process.codeOf(member)?.thisMembers ?? []) {
      if (name === undefined || !ofInstance || process.find(name, member.owner) !== undefined) continue
      const found = memberElsewhere(file, info, name)
      if (found === undefined) continue
      const at = call ?? node
      const durable = durableElsewhere(process, found)
      if (durable === undefined) tellElsewhere(process, found, { at, name: `this.${name}` })
      else
        file.report('CATGA130', at, {
          name: process.name,
          why: `uses "${textOf(file, node)}", which reaches ${durable}: that is not compiled for this process and has no place in its journal`,
        })
    }
  }
}

interface Use {
  readonly at: Node
  /** `this.quote` */
  readonly name: string
}

/** CATGA122, CATGA123: the base's method waits for the world or asks for time. */
export function tellElsewhere(process: Process, found: OutsideMember, { at, name }: Use): void {
  const verdict = verdictElsewhere(process, found)
  if (verdict === undefined) return
  const { kind, what, where } = verdict
  process.file.report(kind === 'unchecked' ? 'CATGA123' : 'CATGA122', at, { name, what, where })
}

/** CATGA120: construction comes before any run, and again with each takeover. */
function checkConstruction(process: Process): void {
  const { file, info } = process
  const at = lineage(info).at(-1)?.node.superClass
  if (!at) return
  for (const of of bases(file, info)) {
    for (const member of of.info.members) {
      const isField = member.kind === 'field' && !member.isStatic && member.code === undefined
      if (member.kind !== 'constructor' && !isField) continue
      for (const { node, inside, outside } of namesUsed(file, info, { member, of })) {
        const isDurable =
          (inside !== undefined && takesToken(process, inside)) ||
          (outside !== undefined && durableElsewhere(process, outside) !== undefined)
        if (!isDurable) continue
        const place = member.kind === 'constructor' ? 'the constructor' : `field "${member.name ?? '?'}"`
        file.report('CATGA120', at, {
          call: `"${textOf(of.module, node)}(…)"`,
          where: `${place} of ${placeElsewhere({ member, of }, node)}`,
        })
      }
    }
  }
}

/** CATGA130: calls of the step that the base makes would not be journaled, and the class is refused when it is run. */
function checkOverrides(process: Process): void {
  const { file, info } = process
  for (const member of lineage(info).flatMap(({ members }) => members)) {
    if (member.name === undefined || member.isStatic || process.stepOf(member) !== undefined || process.find(member.name, info) !== member)
      continue
    const found = memberElsewhere(file, info, member.name)
    if (found !== undefined && isStepElsewhere(found))
      file.report('CATGA130', member.nameNode, {
        name: process.name,
        why: `overrides step "${member.name}" of ${placeElsewhere(found, found.member.nameNode)} by what is no step`,
      })
  }
}
