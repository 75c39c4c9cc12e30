import { extendsElsewhere, lineage } from '../class-info.ts'
import { allCode } from '../class-code.ts'
import type { Process } from '../process-code.ts'

/** CATGA115, CATGA116: a process is run by calling its async method `execute` with the input. */
export function executeMethod(process: Process): void {
  const { file, info, execute, name } = process
  if (execute === undefined) {
    const isStatic = lineage(info).some((owner) => owner.members.some((member) => member.name === 'execute'))
    const hint = isStatic
      ? ' (a static one is not called)'
      : extendsElsewhere(info)
        ? ' in this file (what a base class in another file has is not compiled)'
        : ''
    file.report('CATGA115', info.node.id ?? info.node, { name, hint })
    return
  }
  const found = fault(process)
  if (found !== undefined)
    file.report('CATGA116', execute.nameNode, {
      name,
      found,
      fix: 'Write "async execute(input) { … }", with the input as its only parameter.',
    })
  for (const { thisMembers } of allCode(process)) {
    for (const used of thisMembers) {
      if (used.name !== 'execute' || !used.ofInstance) continue
      const fix = 'Move what is to be repeated into a method of its own, which may call itself.'
      file.report('CATGA116', used.call ?? used.node, { name, found: 'is used by the process itself', fix })
    }
  }
}

function fault({ execute, stepOf }: Process): string | undefined {
  if (execute === undefined || stepOf(execute) !== undefined) return undefined
  if (execute.kind !== 'method')
    return execute.kind === 'field' && execute.code !== undefined ? 'is a field that holds a function' : `is a ${execute.kind}`
  if (execute.isAbstract || execute.code === undefined) return 'is abstract'
  if (execute.code.generator) return 'is a generator'
  if (!execute.code.async) return 'is not async'
  const parameters = execute.code.params.filter((parameter) => !(parameter.type === 'Identifier' && parameter.name === 'this'))
  if (parameters.length > 1) return `has ${parameters.length} parameters`
  return parameters[0]?.type === 'RestElement' ? 'takes any number of arguments' : undefined
}
