import type { StepMethod, StepReturn } from '../model/file-model.ts'
import type { Closure, Node } from '../parse/ast.ts'
import { isClosure } from '../parse/ast.ts'
import type { Step } from './declared-steps.ts'
import { argumentSpan, spanOf } from './durable-function.ts'
import { callSites, type Process } from './process-code.ts'
import type { SyntaxTree } from './syntax-tree.ts'

/** What emission needs of a step's method: its body, its own returns, and what in it needs the step's call. */
export function stepMethod(process: Process, step: Step, index: number): StepMethod | undefined {
  const code = process.codeOf(step.member)
  if (code === undefined || code.root.body === null) return undefined
  const { tree } = process.file
  return {
    index,
    name: spanOf(step.member.nameNode),
    body: spanOf(code.root.body),
    returns: code
      .of('ReturnStatement')
      .filter((statement) => closureOf(tree, statement) === code.root)
      .map((statement): StepReturn => ({
        statement: spanOf(statement),
        argument: statement.argument ? spanOf(statement.argument) : undefined,
      })),
    contextCalls: code.contextCalls.map((call) => spanOf(call.callee)),
    helperCalls: callSites(process, step.member)
      .filter((site) => site.kind === 'helper')
      .map((site) => ({ call: spanOf(site.call), args: argumentSpan(process.file, site.call) })),
  }
}

function closureOf(tree: SyntaxTree, node: Node): Closure | undefined {
  for (let parent = tree.parents.get(node); parent !== undefined; parent = tree.parents.get(parent)) if (isClosure(parent)) return parent
  return undefined
}
