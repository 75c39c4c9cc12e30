import type { DerivedUse } from '../model/file-model.ts'
import type { CallExpression, NewExpression } from '../parse/ast.ts'
import { globalPath } from './global-path.ts'
import type { SyntaxTree } from './syntax-tree.ts'

const METHODS: ReadonlyMap<string, DerivedUse['method']> = new Map<string, DerivedUse['method']>([
  ['Date.now', 'now'],
  ['Math.random', 'random'],
  ['crypto.randomUUID', 'randomUUID'],
  ['crypto.getRandomValues', 'getRandomValues'],
  ['performance.now', 'performanceNow'],
])

const TEMPORAL = 'Temporal.Now.'
/** What process code logs is said once, not again on each replay. */
const CONSOLE = 'console.'

/** Whether a platform function of this name answers time or randomness. */
export function isDerivedPath(path: string): boolean {
  return METHODS.has(path) || path.startsWith(TEMPORAL)
}

/** The derived form of a call of time or randomness. */
export function derivedUse(tree: SyntaxTree, node: CallExpression | NewExpression): DerivedUse | undefined {
  const path = globalPath(tree, node.callee)
  if (path === undefined) return undefined
  const expression = { start: node.start, end: node.end }
  if (node.type === 'NewExpression') return path === 'Date' && node.arguments.length === 0 ? { expression, method: 'date' } : undefined
  const method = METHODS.get(path)
  if (method !== undefined) return { expression, method }
  if (path.startsWith(TEMPORAL)) return { expression, method: 'temporalNow', leading: path.slice(TEMPORAL.length) }
  if (path.startsWith(CONSOLE)) return { expression, method: 'log', leading: path.slice(CONSOLE.length) }
  return undefined
}
