import { branchClosures, isAwaited } from './durable-function.ts'
import { callSites, type Process } from './process-code.ts'
import { isClosure, memberName, unwrap } from '../parse/ast.ts'

const CHAINING: ReadonlySet<string> = new Set(['then', 'catch', 'finally'])

/**
 * Whether process code can have promise chains the engine does not see. Saying `concurrent` in vain costs a little
 * time; saying `sequential` in vain would let a replay interleave otherwise.
 */
export function interleaving(process: Process): 'sequential' | 'concurrent' {
  for (const member of process.reached) {
    const code = process.codeOf(member)
    if (code === undefined) continue
    if (code.root.async && !process.isDurable(member) && member !== process.execute) return 'concurrent'
    const sites = callSites(process, member)
    const branches = branchClosures(process.file.tree, code.root, sites, code.keyed)
    const closures = [...code.of('ArrowFunctionExpression'), ...code.of('FunctionExpression'), ...code.of('FunctionDeclaration')]
    if (closures.some((closure) => closure.async && !branches.has(closure))) return 'concurrent'
    if (code.of('ForOfStatement').some((loop) => loop.await)) return 'concurrent'
    if (code.of('NewExpression').some(({ callee }) => callee.type === 'Identifier' && callee.name === 'Promise')) return 'concurrent'
    const durable = new Set(sites.filter((site) => site.durable).map((site) => site.call))
    for (const call of code.of('CallExpression')) {
      const callee = unwrap(call.callee)
      if (callee.type === 'MemberExpression' && CHAINING.has(memberName(callee) ?? '')) return 'concurrent'
      // Functions outside the class may hold chains of their own.
      if (callee.type === 'Identifier' && !durable.has(call) && !code.keyed.includes(call) && isAwaited(process.file.tree, call) && !isLocalClosure(process, callee)) return 'concurrent'
    }
  }
  return 'sequential'
}

/** A closure of the method itself, which the checks above look into. */
function isLocalClosure(process: Process, callee: Parameters<Process['file']['tree']['resolve']>[0]): boolean {
  const binding = process.file.tree.resolve(callee)
  if (binding === undefined) return false
  const { declaration } = binding
  if (binding.scope.kind === 'module') return false
  return isClosure(declaration) || (declaration.type === 'VariableDeclarator' && declaration.init !== null && isClosure(unwrap(declaration.init)))
}
