import type { Node } from '../../parse/ast.ts'
import { textOf } from '../file-context.ts'
import { callSites, type Process } from '../process-code.ts'

/** CATGA114: a `using` declaration is in force while a durable call waits. */
export function heldResource(process: Process): void {
  const { file } = process
  for (const member of process.reached) {
    const code = process.codeOf(member)
    if (code === undefined) continue
    const calls = [
      ...callSites(process, member)
        .filter((site) => site.durable)
        .map((site) => site.call),
      ...code.keyed,
    ].sort((a, b) => a.start - b.start)
    for (const declaration of code.of('VariableDeclaration')) {
      if (declaration.kind !== 'using' && declaration.kind !== 'await using') continue
      const block = holder(process, declaration)
      const call = calls.find((candidate) => candidate.start >= declaration.end && candidate.end <= block.end)
      if (call === undefined) continue
      const names = declaration.declarations.map(({ id }) => textOf(file, id)).join(', ')
      file.report('CATGA114', declaration, { name: names, call: `"${textOf(file, call)}"` })
    }
  }
}

/** The block at whose end the resource is disposed; for a loop's variable, the loop. */
function holder(process: Process, declaration: Node): Node {
  return process.file.tree.parents.get(declaration) ?? declaration
}
