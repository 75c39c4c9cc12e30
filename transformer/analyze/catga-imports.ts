import type { ImportDeclaration, Node } from '../parse/ast.ts'
import { memberName, unwrap } from '../parse/ast.ts'
import type { SyntaxTree } from './syntax-tree.ts'

/** What of the package the compiler gives a meaning. */
export type CatgaName = 'CatgaProcess' | 'ProcessStep' | 'keyed' | 'stepContext' | WaitName

/** What process code waits with. */
export type WaitName = 'sleep' | 'waitFor' | 'tryWaitFor'

const NAMES: ReadonlySet<string> = new Set<CatgaName>([
  'CatgaProcess',
  'ProcessStep',
  'keyed',
  'stepContext',
  'sleep',
  'waitFor',
  'tryWaitFor',
])

export function isWaitName(name: CatgaName | undefined): name is WaitName {
  return name === 'sleep' || name === 'waitFor' || name === 'tryWaitFor'
}

export interface CatgaImports {
  readonly declarations: readonly ImportDeclaration[]
  /** Which of our exports an expression means: `keyed`, an alias of it, or `catga.keyed` of a namespace import. */
  nameOf(expression: Node): CatgaName | undefined
}

/** Finds what the file imports from `catga` as values. Type-only imports mean nothing to the compiler. */
export function catgaImports(tree: SyntaxTree): CatgaImports {
  const named = new Map<Node, CatgaName>()
  const namespaces = new Set<Node>()
  const declarations: ImportDeclaration[] = []
  for (const statement of tree.program.body) {
    if (statement.type !== 'ImportDeclaration' || statement.source.value !== 'catga' || statement.importKind === 'type') continue
    declarations.push(statement)
    for (const specifier of statement.specifiers) {
      if (specifier.type === 'ImportNamespaceSpecifier') namespaces.add(specifier)
      if (specifier.type !== 'ImportSpecifier' || specifier.importKind === 'type') continue
      const imported = specifier.imported.type === 'Literal' ? specifier.imported.value : specifier.imported.name
      if (isCatgaName(imported)) named.set(specifier, imported)
    }
  }
  const nameOf = (expression: Node): CatgaName | undefined => {
    const inner = unwrap(expression)
    if (inner.type === 'Identifier') {
      const binding = tree.resolve(inner)
      return binding && named.get(binding.declaration)
    }
    if (inner.type !== 'MemberExpression' || inner.object.type !== 'Identifier') return undefined
    const binding = tree.resolve(inner.object)
    const name = memberName(inner)
    return binding && namespaces.has(binding.declaration) && name !== undefined && isCatgaName(name) ? name : undefined
  }
  return { declarations, nameOf }
}

function isCatgaName(name: string): name is CatgaName {
  return NAMES.has(name)
}
