/** Declarations in the other modules of the project, found by name as imports and exports lead to them. */
import type { Node } from '../parse/ast.ts'
import { unwrap } from '../parse/ast.ts'
import { parse } from '../parse/parse.ts'
import type { AnalyzeOptions } from './file-context.ts'
import { type SyntaxTree, syntaxTree } from './syntax-tree.ts'

export interface ModuleSource {
  readonly tree: SyntaxTree
  readonly fileName: string
  readonly source: string
}

/** A function, class, interface, type alias or variable declarator, or an expression that a module exports as default. */
export interface OutsideDeclaration {
  readonly module: ModuleSource
  readonly node: Node
}

/** How many modules pass a name on before it is given up. */
const DEEPEST = 4

export class OutsideModules {
  readonly #options: AnalyzeOptions
  readonly #modules = new Map<string, ModuleSource | undefined>()

  constructor(options: AnalyzeOptions) {
    this.#options = options
  }

  /** What a name at the top of a module is declared by, there or in the module it is imported from; values and types alike. */
  find(module: ModuleSource, name: string, depth = 0): OutsideDeclaration | undefined {
    for (const statement of module.tree.program.body) {
      if (statement.type === 'ImportDeclaration') {
        const specifier = statement.specifiers.find(({ local }) => local.name === name)
        const imported = specifier === undefined ? undefined : importedName(specifier)
        if (imported !== undefined) return this.#exported(module, statement.source.value, imported, depth)
        continue
      }
      const node = declaredBy(statement, name)
      if (node !== undefined) return { module, node }
    }
    return undefined
  }

  /** What `name.member` is declared by, where the name is that of a module: `import * as name`. */
  findMember(module: ModuleSource, name: string, member: string): OutsideDeclaration | undefined {
    for (const statement of module.tree.program.body) {
      if (statement.type !== 'ImportDeclaration') continue
      const specifier = statement.specifiers.find(({ local }) => local.name === name)
      if (specifier?.type === 'ImportNamespaceSpecifier') return this.#exported(module, statement.source.value, member, 0)
    }
    return undefined
  }

  #read(from: ModuleSource, specifier: string): ModuleSource | undefined {
    if (specifier === 'catga') return undefined
    const other = this.#options.readOtherModule?.(specifier, from.fileName)
    if (other === undefined) return undefined
    if (this.#modules.has(other.fileName)) return this.#modules.get(other.fileName)
    const program = parse(other.source, other.fileName)
    const module = program && { tree: syntaxTree(program), fileName: other.fileName, source: other.source }
    this.#modules.set(other.fileName, module)
    return module
  }

  #exported(from: ModuleSource, specifier: string, name: string, depth: number): OutsideDeclaration | undefined {
    const module = depth > DEEPEST ? undefined : this.#read(from, specifier)
    if (module === undefined) return undefined
    for (const statement of module.tree.program.body) {
      if (statement.type === 'ExportAllDeclaration' && statement.exported === null) {
        const found = this.#exported(module, statement.source.value, name, depth + 1)
        if (found !== undefined) return found
      }
      if (statement.type === 'ExportNamedDeclaration') {
        const item = statement.specifiers.find((candidate) => nameOf(candidate.exported) === name)
        const local = item === undefined ? undefined : nameOf(item.local)
        if (local !== undefined && statement.source !== null) return this.#exported(module, statement.source.value, local, depth + 1)
        if (local !== undefined) return this.find(module, local, depth + 1)
        const node = statement.declaration === null ? undefined : declaredBy(statement, name)
        if (node !== undefined) return { module, node }
      }
      if (statement.type === 'ExportDefaultDeclaration' && name === 'default') {
        const node = unwrap(statement.declaration)
        return node.type === 'Identifier' ? this.find(module, node.name, depth + 1) : { module, node }
      }
    }
    return undefined
  }
}

function declaredBy(statement: Node, name: string): Node | undefined {
  const isExport = statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration'
  const declaration: Node | null = isExport ? statement.declaration : statement
  if (declaration?.type === 'VariableDeclaration')
    return declaration.declarations.find(({ id }) => id.type === 'Identifier' && id.name === name)
  // The signatures of a function with overloads come before it.
  if (declaration === null || declaration.type === 'TSDeclareFunction' || !('id' in declaration)) return undefined
  const { id } = declaration
  return id !== null && typeof id === 'object' && 'name' in id && id.name === name ? declaration : undefined
}

function importedName(specifier: Node): string | undefined {
  if (specifier.type === 'ImportDefaultSpecifier') return 'default'
  return specifier.type === 'ImportSpecifier' ? nameOf(specifier.imported) : undefined
}

function nameOf(node: Node): string | undefined {
  if (node.type === 'Identifier') return node.name
  return node.type === 'Literal' ? String(node.value) : undefined
}
