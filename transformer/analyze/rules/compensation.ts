import type { Closure } from '../../parse/ast.ts'
import { extendsElsewhere, lineage, type Member } from '../class-info.ts'
import type { Step } from '../declared-steps.ts'
import { memberElsewhere, type OutsideMember } from '../outside-class.ts'
import type { Process } from '../process-code.ts'
import { durableElsewhere } from '../reached-elsewhere.ts'

/** CATGA105, CATGA106: what undoes a step is a plain method that can take the step's result and arguments. */
export function compensation(process: Process): void {
  for (const step of process.steps) {
    const link = step.options.compensate
    if (link === undefined) continue
    const target = undoOf(process, step)
    const found = fault(process, link.target, target)
    if (found !== undefined) {
      process.file.report('CATGA105', link.at, { step: step.name, target: link.target, found })
      continue
    }
    const code = target === undefined ? memberElsewhere(process.file, process.info, link.target)?.member.code : target.code
    if (code === undefined || step.member.code === undefined) continue
    const required = requiredParameters(code)
    const given = 1 + possibleArguments(step.member.code)
    if (required > given) process.file.report('CATGA106', link.at, { step: step.name, target: link.target, required, given })
  }
}

/** The method that undoes a step. */
export function undoOf(process: Process, step: Step): Member | undefined {
  const link = step.options.compensate
  return link === undefined ? undefined : process.find(link.target, step.member.owner)
}

function fault(process: Process, name: string, target: Member | undefined): string | undefined {
  if (target === undefined) {
    const isStatic = lineage(process.info).some((owner) => owner.members.some((member) => member.name === name && member.isStatic))
    if (isStatic) return 'is static'
    if (!extendsElsewhere(process.info)) return `is not a method of class "${process.info.name ?? process.name}"`
    const elsewhere = memberElsewhere(process.file, process.info, name)
    return elsewhere === undefined ? undefined : faultElsewhere(process, elsewhere)
  }
  if (process.stepOf(target) !== undefined) return 'is a step itself'
  if (target === process.execute) return 'is the process itself'
  if (target.kind === 'field' || target.kind === 'accessor')
    return target.code === undefined ? 'is a field' : 'is a field that holds a function'
  if (target.kind !== 'method') return `is a ${target.kind}`
  if (target.isAbstract || target.code === undefined) return 'is abstract'
  if (target.code.generator) return 'is a generator'
  return process.helpers.includes(target) ? 'is process code itself, with durable calls or time or randomness from the journal' : undefined
}

function faultElsewhere(process: Process, found: OutsideMember): string | undefined {
  const { kind, code } = found.member
  if (kind !== 'method') return `is a ${kind}`
  if (code?.generator === true) return 'is a generator'
  const durable = durableElsewhere(process, found)
  return durable === undefined ? undefined : `reaches ${durable}`
}

function requiredParameters(code: Closure): number {
  let required = 0
  for (const [index, parameter] of withoutThis(code).entries()) {
    const isOptional = parameter.type === 'AssignmentPattern' || parameter.type === 'RestElement' || isMarkedOptional(parameter)
    if (!isOptional) required = index + 1
  }
  return required
}

/** `name?: type`; the parser's types forget the mark. */
function isMarkedOptional(parameter: object): boolean {
  return 'optional' in parameter && parameter.optional === true
}

function possibleArguments(code: Closure): number {
  const parameters = withoutThis(code)
  return parameters.some((parameter) => parameter.type === 'RestElement') ? Number.POSITIVE_INFINITY : parameters.length
}

function withoutThis(code: Closure): Closure['params'] {
  return code.params.filter((parameter) => !(parameter.type === 'Identifier' && parameter.name === 'this'))
}
