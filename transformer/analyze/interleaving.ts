import type { CallExpression, Closure, NewExpression, Node } from '../parse/ast.ts'
import { isClosure, memberName, unwrap } from '../parse/ast.ts'
import type { Member } from './class-info.ts'
import { branchClosures, isAwaited } from './durable-function.ts'
import type { MethodCode } from './method-code.ts'
import { callSites, type Process } from './process-code.ts'

const CHAINING: ReadonlySet<string> = new Set(['then', 'catch', 'finally'])
/** Methods that call or keep what they are given, and hold no promise chain of their own. */
const TRANSPARENT: ReadonlySet<string> = new Set(
  'map flatMap forEach filter find findIndex some every reduce reduceRight sort toSorted from of push unshift concat add set splice all allSettled race any resolve'.split(
    ' ',
  ),
)

/**
 * Whether process code can have promise chains the engine does not see. Saying `concurrent` in vain costs a little
 * time; saying `sequential` in vain would let a replay interleave otherwise.
 */
export function interleaving(process: Process): 'sequential' | 'concurrent' {
  return process.reached.some((member) => {
    const code = process.codeOf(member)
    return code !== undefined && hasUnseenChains(process, member, code)
  })
    ? 'concurrent'
    : 'sequential'
}

function hasUnseenChains(process: Process, member: Member, code: MethodCode): boolean {
  if (code.root.async && !process.isDurable(member) && member !== process.execute) return true
  const sites = callSites(process, member)
  const branches = branchClosures(process.file.tree, code.root, sites, code.keyed)
  const closures: readonly Closure[] = [
    ...code.of('ArrowFunctionExpression'),
    ...code.of('FunctionExpression'),
    ...code.of('FunctionDeclaration'),
  ]
  if (closures.some((closure) => closure.async && !branches.has(closure))) return true
  if (code.of('ForOfStatement').some((loop) => loop.await)) return true
  const takesDurable = (call: CallExpression | NewExpression): boolean =>
    call.arguments.some((argument) => isClosure(unwrap(argument)) && branches.has(unwrap(argument) as Closure))
  if (code.of('NewExpression').some((node) => (node.callee.type === 'Identifier' && node.callee.name === 'Promise') || takesDurable(node)))
    return true
  const ours = new Set<Node>([...sites.filter((site) => site.durable).map((site) => site.call), ...code.keyed])
  return code.of('CallExpression').some((call) => {
    if (ours.has(call)) return false
    const callee = unwrap(call.callee)
    if (callee.type === 'MemberExpression') {
      const name = memberName(callee) ?? ''
      return CHAINING.has(name) || (takesDurable(call) && !TRANSPARENT.has(name))
    }
    // A function from elsewhere may hold chains of its own, when it is waited for or given work to do.
    return callee.type === 'Identifier' && (takesDurable(call) || isAwaited(process.file.tree, call)) && !isLocalClosure(process, callee)
  })
}

/** A closure of the method itself, which the checks above look into. */
function isLocalClosure(process: Process, callee: Node): boolean {
  const binding = process.file.tree.resolve(callee)
  if (binding === undefined || binding.scope.kind === 'module') return false
  const { declaration } = binding
  return (
    isClosure(declaration) ||
    (declaration.type === 'VariableDeclarator' && declaration.init !== null && isClosure(unwrap(declaration.init)))
  )
}
