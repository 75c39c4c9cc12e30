import type { Member } from '../class-info.ts'
import { takesToken } from '../class-code.ts'
import { memberElsewhere } from '../outside-class.ts'
import type { Process } from '../process-code.ts'
import { durableElsewhere } from '../reached-elsewhere.ts'
import { undoOf } from './compensation.ts'
import { isInParameters } from './outside-process-code.ts'

/** CATGA111: a step's body or an undo makes durable calls, itself or through plain methods. */
export function stepCalls(process: Process): void {
  for (const step of process.steps) {
    followCalls(process, step.member, { caller: `Step "${step.name}"`, isStep: true })
    const undo = undoOf(process, step)
    // A target that is process code is told where it is named.
    if (undo !== undefined && undo !== process.execute && !takesToken(process, undo))
      followCalls(process, undo, { caller: `"${undo.name ?? '?'}", which undoes step "${step.name}",`, isStep: false })
  }
}

interface Start {
  readonly caller: string
  /** A step's own body can call helpers that only use time or randomness. */
  readonly isStep: boolean
}

function followCalls(process: Process, start: Member, { caller, isStep }: Start): void {
  const seen = new Set([start])
  for (const member of seen) {
    const code = process.codeOf(member)
    if (code === undefined) continue
    const who = member === start ? caller : `"${member.name ?? '?'}", which ${caller.replace(/,$/, '').replace(/^Step/, 'step')} calls,`
    for (const used of code.thisMembers) {
      const target = used.ofInstance && used.name !== undefined ? process.find(used.name, member.owner) : undefined
      const elsewhere =
        target === undefined && used.ofInstance && used.name !== undefined
          ? memberElsewhere(process.file, process.info, used.name)
          : undefined
      const durable = elsewhere === undefined ? undefined : durableElsewhere(process, elsewhere)
      if (durable !== undefined)
        process.file.report('CATGA111', used.call ?? used.node, {
          caller: who,
          kind: `${durable} by`,
          call: `"this.${used.name ?? '?'}(…)"`,
        })
      if (target === undefined || used.name === undefined) continue
      if (!takesToken(process, target)) {
        // What process code reaches as well is judged there.
        if (target.code !== undefined && !process.reached.includes(target)) seen.add(target)
        continue
      }
      if (used.call === undefined) continue
      const isPlainHelper = process.stepOf(target) === undefined && !process.isDurable(target)
      if (isPlainHelper && isStep && member === start && !isInParameters(used.node, code.root)) continue
      const kind =
        process.stepOf(target) !== undefined
          ? 'step'
          : isPlainHelper
            ? 'a helper with time or randomness from the journal,'
            : 'durable helper'
      process.file.report('CATGA111', used.call, { caller: who, kind, call: `"this.${used.name}(…)"` })
    }
  }
}
