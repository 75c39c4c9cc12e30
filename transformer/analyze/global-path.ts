import { isBuiltin } from 'node:module'
import type { Node } from '../parse/ast.ts'
import { memberName, unwrap } from '../parse/ast.ts'
import type { Binding, SyntaxTree } from './syntax-tree.ts'

/** Node modules whose members are the globals of another name. */
const SAME_AS_GLOBAL: readonly (readonly [from: string, to: string])[] = [
  ['node:crypto.webcrypto.', 'crypto.'],
  ['node:crypto.', 'crypto.'],
  ['node:perf_hooks.performance.', 'performance.'],
  ['node:process.', 'process.'],
  ['node:timers.', ''],
]

/**
 * The dotted name of what an expression takes from the platform: `Date.now`, `crypto.randomUUID` (global or imported
 * from `node:crypto`), `node:fs.readFileSync`. Undefined for names the file declares itself.
 */
export function globalPath(tree: SyntaxTree, expression: Node): string | undefined {
  const path = rawPath(tree, expression)
  if (path === undefined) return undefined
  const same = SAME_AS_GLOBAL.find(([from]) => path.startsWith(from))
  return same === undefined ? path : same[1] + path.slice(same[0].length)
}

function rawPath(tree: SyntaxTree, expression: Node, depth = 0): string | undefined {
  const node = unwrap(expression)
  if (node.type === 'Identifier') {
    const binding = tree.resolve(node)
    return binding === undefined ? node.name : (builtinPath(tree, binding) ?? aliasedPath(tree, binding, depth))
  }
  if (node.type !== 'MemberExpression') return undefined
  const name = memberName(node)
  if (name === undefined) return undefined
  const object = rawPath(tree, node.object, depth)
  if (object === undefined) return undefined
  return object === 'globalThis' ? name : `${object}.${name}`
}

/** What a `const` stands for that only gives something of the platform another name. */
function aliasedPath(tree: SyntaxTree, { kind, declaration }: Binding, depth: number): string | undefined {
  if (depth > 5 || kind !== 'const' || declaration.type !== 'VariableDeclarator' || !declaration.init) return undefined
  return declaration.id.type === 'Identifier' ? rawPath(tree, declaration.init, depth + 1) : undefined
}

function builtinPath(tree: SyntaxTree, binding: Binding): string | undefined {
  const source = importSource(tree, binding)
  if (source === undefined || !isBuiltin(source)) return undefined
  const module = source.startsWith('node:') ? source : `node:${source}`
  const specifier = binding.declaration
  if (specifier.type !== 'ImportSpecifier') return module
  const imported = specifier.imported.type === 'Literal' ? specifier.imported.value : specifier.imported.name
  return imported === 'default' ? module : `${module}.${imported}`
}

/** Specifier of the module a binding is imported from. */
export function importSource(tree: SyntaxTree, binding: Binding): string | undefined {
  if (binding.kind !== 'import') return undefined
  const declaration = tree.parents.get(binding.declaration)
  return declaration?.type === 'ImportDeclaration' ? declaration.source.value : undefined
}
