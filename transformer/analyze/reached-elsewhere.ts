/** What calling a member of a base class in another module comes to: that code is not compiled with the process. */
import type { Node } from '../parse/ast.ts'
import { takesToken } from './class-code.ts'
import type { Member } from './class-info.ts'
import { isDataField } from './durability.ts'
import { textOf } from './file-context.ts'
import { codeElsewhere, isStepElsewhere, memberElsewhere, namesUsed, type OutsideMember, placeElsewhere } from './outside-class.ts'
import { ownVerdict, type Verdict } from './outside-function.ts'
import type { Process } from './process-code.ts'

/** Durable code that is reached: `step "reserve" of "Base" (base.ts:3)`. */
export function durableElsewhere(process: Process, start: OutsideMember): string | undefined {
  const outside = new Set<Member>()
  const queue: OutsideMember[] = [start]
  const inside = new Set<Member>()
  for (const found of queue) {
    if (outside.has(found.member)) continue
    outside.add(found.member)
    const name = found.member.name ?? '?'
    if (isStepElsewhere(found)) return `step "${name}" of ${placeElsewhere(found, found.member.nameNode)}`
    const code = codeElsewhere(found)
    const call = code?.waits[0]?.call ?? code?.keyed[0]
    if (call !== undefined) return `"${textOf(found.of.module, call)}" in "${name}" of ${placeElsewhere(found, call)}`
    for (const used of namesUsed(process.file, process.info, found)) {
      if (used.outside !== undefined) queue.push(used.outside)
      const direct = used.inside === undefined ? undefined : durableInside(process, used.inside, inside, queue)
      if (direct !== undefined) return `"this.${direct}(…)" in "${name}" of ${placeElsewhere(found, used.node)}`
    }
  }
  return undefined
}

/** Name of a step or helper of the process that a method of this file is or calls; methods of other files it calls join the queue. */
function durableInside(process: Process, member: Member, seen: Set<Member>, queue: OutsideMember[]): string | undefined {
  if (takesToken(process, member)) return member.name
  if (seen.has(member)) return undefined
  seen.add(member)
  for (const { name, ofInstance } of process.codeOf(member)?.thisMembers ?? []) {
    if (name === undefined || !ofInstance) continue
    const target = process.find(name, member.owner)
    const elsewhere = target === undefined ? memberElsewhere(process.file, process.info, name) : undefined
    if (elsewhere !== undefined) queue.push(elsewhere)
    const durable = target === undefined ? undefined : durableInside(process, target, seen, queue)
    if (durable !== undefined) return durable
  }
  return undefined
}

/** What waits for the world or asks for time, where the method itself or what it calls does. */
export function verdictElsewhere(process: Process, start: OutsideMember): Verdict | undefined {
  const queue: OutsideMember[] = [start]
  const seen = new Set<Member>()
  for (const found of queue) {
    if (seen.has(found.member) || found.member.code === undefined) continue
    seen.add(found.member)
    const verdict =
      ownVerdict(process.file.outside, {
        module: found.of.module,
        closure: found.member.code,
        thisMember: (node) => (isReplayed(process, found, node) ? 'replayed' : 'service'),
      }) ?? process.file.outside.judge({ module: found.of.module, closure: found.member.code })
    if (verdict !== undefined) return verdict
    for (const { outside } of namesUsed(process.file, process.info, found)) if (outside !== undefined) queue.push(outside)
  }
  return undefined
}

function isReplayed(process: Process, from: OutsideMember, node: Node): boolean {
  const used = namesUsed(process.file, process.info, from).find((candidate) => candidate.node === node)
  const member = used?.inside ?? used?.outside?.member
  if (member === undefined) return false
  return member.kind !== 'field' || member.code !== undefined || isDataField(member)
}
