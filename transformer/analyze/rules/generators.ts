import type { Closure } from '../../parse/ast.ts'
import { branchClosures } from '../durable-function.ts'
import { textOf } from '../file-context.ts'
import { callSites, type Process } from '../process-code.ts'

/** CATGA119: a generator makes durable calls or takes time or randomness, at moments its consumer chooses. */
export function generators(process: Process): void {
  const { file } = process
  for (const member of process.reached) {
    const code = process.codeOf(member)
    if (code === undefined) continue
    const sites = callSites(process, member)
    const first = (within: Closure): string => {
      const call = sites.map((site) => site.call).find((candidate) => within.start <= candidate.start && candidate.end <= within.end)
      return call === undefined ? 'takes time or randomness from the journal' : `makes the durable call "${textOf(file, call)}"`
    }
    if (code.root.generator && member !== process.execute && process.helpers.includes(member)) {
      file.report('CATGA119', member.nameNode, { name: `"${member.name ?? '?'}"`, what: first(code.root) })
      continue
    }
    for (const closure of branchClosures(file.tree, code.root, sites, code.keyed)) {
      if (closure.generator)
        file.report('CATGA119', closure, { name: closure.id ? `"${closure.id.name}"` : 'function', what: first(closure) })
    }
  }
}
