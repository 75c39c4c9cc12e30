/**
 * Functions that process code calls outside its class, in the same file or in another module. They are read, never
 * rewritten: a plain computation is fine, waiting for the world or asking for time and randomness is not.
 */
import { positionAt } from '../diagnostics/code-frame.ts'
import type { Closure, Node } from '../parse/ast.ts'
import { isClosure, unwrap } from '../parse/ast.ts'
import { parse } from '../parse/parse.ts'
import { isDerivedPath } from './derived.ts'
import { obstacle, type Surroundings } from './durability.ts'
import { type AnalyzeOptions, textOf } from './file-context.ts'
import { globalPath, importSource } from './global-path.ts'
import { methodCode } from './method-code.ts'
import { nondeterministic } from './platform.ts'
import { type Binding, type SyntaxTree, syntaxTree } from './syntax-tree.ts'

export interface ModuleSource {
  readonly tree: SyntaxTree
  readonly fileName: string
  readonly source: string
}

export interface FunctionSource {
  readonly module: ModuleSource
  readonly closure: Closure
}

export interface Verdict {
  /** `unchecked`: it awaits something whose source is not at hand. */
  readonly kind: 'not durable' | 'unchecked'
  /** `awaits "fetch(url)"`, `uses "Date.now()"`. */
  readonly what: string
  /** `rates.ts:12` */
  readonly where: string
}

const NO_IMPORTS = { nameOf: () => undefined, declarations: [] }
const DEEPEST = 4

/** Reads modules and judges their functions, each once per analysis. */
export class OutsideFunctions {
  readonly #options: AnalyzeOptions
  readonly #modules = new Map<string, ModuleSource | undefined>()
  readonly #verdicts = new Map<Closure, Verdict | undefined>()

  constructor(options: AnalyzeOptions) {
    this.#options = options
  }

  /** The function outside any class that a name means, where its source is at hand. */
  find(module: ModuleSource, identifier: Node): FunctionSource | undefined {
    const binding = module.tree.resolve(identifier)
    if (binding === undefined || binding.scope.kind !== 'module') return undefined
    const closure = closureOf(binding.declaration)
    if (closure !== undefined) return { module, closure }
    const specifier = importSource(module.tree, binding)
    if (specifier === undefined || !specifier.startsWith('.')) return undefined
    return this.#exported(module, { specifier, name: importedName(binding.declaration), depth: 0 })
  }

  /** What keeps a function from being called in process code, if anything does. */
  judge(source: FunctionSource, depth = 0): Verdict | undefined {
    if (this.#verdicts.has(source.closure)) return this.#verdicts.get(source.closure)
    // Recursion and long chains count as fine until something is found.
    this.#verdicts.set(source.closure, undefined)
    const verdict = depth > DEEPEST ? undefined : (ownVerdict(this, source) ?? this.#calledVerdict(source, depth))
    this.#verdicts.set(source.closure, verdict)
    return verdict
  }

  #calledVerdict({ module, closure }: FunctionSource, depth: number): Verdict | undefined {
    for (const identifier of methodCode(module.tree, NO_IMPORTS, closure).of('Identifier')) {
      const inner = this.find(module, identifier)
      const verdict = inner === undefined || inner.closure === closure ? undefined : this.judge(inner, depth + 1)
      if (verdict !== undefined) return verdict
    }
    return undefined
  }

  #read(from: ModuleSource, specifier: string): ModuleSource | undefined {
    const other = this.#options.readOtherModule?.(specifier, from.fileName)
    if (other === undefined) return undefined
    if (this.#modules.has(other.fileName)) return this.#modules.get(other.fileName)
    const program = parse(other.source, other.fileName)
    const module = program && { tree: syntaxTree(program), fileName: other.fileName, source: other.source }
    this.#modules.set(other.fileName, module)
    return module
  }

  #exported(from: ModuleSource, { specifier, name, depth }: ExportRequest): FunctionSource | undefined {
    const module = name === undefined || depth > DEEPEST ? undefined : this.#read(from, specifier)
    if (module === undefined || name === undefined) return undefined
    for (const statement of module.tree.program.body) {
      if (statement.type === 'ExportAllDeclaration' && statement.exported === null) {
        const found = this.#exported(module, { specifier: statement.source.value, name, depth: depth + 1 })
        if (found !== undefined) return found
      }
      if (statement.type === 'ExportNamedDeclaration' && statement.source !== null) {
        const item = statement.specifiers.find((candidate) => nameOf(candidate.exported) === name)
        if (item !== undefined)
          return this.#exported(module, { specifier: statement.source.value, name: nameOf(item.local), depth: depth + 1 })
      }
      const value = exportedValue(statement, name)
      if (value === undefined) continue
      if (isClosure(value)) return { module, closure: value }
      return value.type === 'Identifier' ? this.find(module, value) : undefined
    }
    return undefined
  }
}

/** Which parameters a function takes a service in: those with a method it awaits. */
export function awaitedParameters({ module, closure }: FunctionSource): readonly number[] {
  const awaited = methodCode(module.tree, NO_IMPORTS, closure).of('AwaitExpression')
  const indexes = awaited.map(({ argument }) => {
    const call = unwrap(argument)
    let root: Node = call.type === 'CallExpression' ? unwrap(call.callee) : call
    if (root.type !== 'MemberExpression') return -1
    while (root.type === 'MemberExpression') root = unwrap(root.object)
    const binding = module.tree.resolve(root)
    return binding?.kind === 'param' && binding.declaration === closure
      ? closure.params.findIndex((parameter) => parameter.start <= binding.node.start && binding.node.end <= parameter.end)
      : -1
  })
  return indexes.filter((index) => index !== -1)
}

interface ExportRequest {
  readonly specifier: string
  readonly name: string | undefined
  readonly depth: number
}

/** What a statement of the module itself exports under a name: a function, or an identifier for one. */
function exportedValue(statement: Node, name: string): Node | undefined {
  if (statement.type === 'ExportDefaultDeclaration') return name === 'default' ? unwrap(statement.declaration) : undefined
  if (statement.type !== 'ExportNamedDeclaration') return undefined
  const item = statement.specifiers.find((candidate) => nameOf(candidate.exported) === name)
  if (item !== undefined) return item.local
  const { declaration } = statement
  if (declaration?.type === 'FunctionDeclaration') return declaration.id?.name === name ? declaration : undefined
  if (declaration?.type !== 'VariableDeclaration') return undefined
  const declarator = declaration.declarations.find(({ id }) => id.type === 'Identifier' && id.name === name)
  return declarator === undefined ? undefined : closureOf(declarator)
}

function importedName(specifier: Node): string | undefined {
  if (specifier.type === 'ImportDefaultSpecifier') return 'default'
  return specifier.type === 'ImportSpecifier' ? nameOf(specifier.imported) : undefined
}

function nameOf(node: Node): string | undefined {
  if (node.type === 'Identifier') return node.name
  return node.type === 'Literal' ? String(node.value) : undefined
}

function closureOf(declaration: Node): Closure | undefined {
  if (isClosure(declaration)) return declaration
  if (declaration.type !== 'VariableDeclarator' || !declaration.init || declaration.id.type !== 'Identifier') return undefined
  const init = unwrap(declaration.init)
  return isClosure(init) ? init : undefined
}

function ownVerdict(functions: OutsideFunctions, { module, closure }: FunctionSource): Verdict | undefined {
  const { tree } = module
  const code = methodCode(tree, NO_IMPORTS, closure)
  for (const call of [...code.of('CallExpression'), ...code.of('NewExpression')]) {
    const path = globalPath(tree, call.callee)
    if (path === undefined) continue
    const isDate = path === 'Date' && call.type === 'NewExpression'
    const isTime = isDate ? call.arguments.length === 0 : isDerivedPath(path) || nondeterministic(path) !== undefined
    if (isTime) return { kind: 'not durable', what: `uses "${textOf(module, call)}"`, where: place(module, call) }
  }
  const around = surroundings(tree, closure)
  const awaited = [
    ...code.of('AwaitExpression').map(({ argument }) => argument),
    ...code.of('ForOfStatement').flatMap((loop) => (loop.await ? [loop.right] : [])),
  ]
  for (const expression of awaited) {
    const found = obstacle(around, expression)
    if (found === undefined) continue
    const what = `awaits "${textOf(module, found.node)}"`
    const where = place(module, found.node)
    if (found.kind === 'service') return { kind: 'not durable', what, where }
    const call = unwrap(found.node)
    if (call.type === 'CallExpression' && functions.find(module, unwrap(call.callee)) === undefined)
      return { kind: 'unchecked', what, where }
  }
  return undefined
}

function surroundings(tree: SyntaxTree, closure: Closure): Surroundings {
  const isLocal = (binding: Binding): boolean => closure.start <= binding.node.start && binding.node.end <= closure.end
  return {
    tree,
    thisMember: () => 'replayed',
    // What is passed on came in as an argument; whoever passed it answers for it.
    isDurableArgument: (argument) => {
      const inner = unwrap(argument)
      if (isClosure(inner)) return true
      const binding = inner.type === 'Identifier' ? tree.resolve(inner) : undefined
      return binding !== undefined && binding.kind === 'param' && isLocal(binding)
    },
    isLocal,
  }
}

function place({ fileName, source }: ModuleSource, node: Node): string {
  const name = fileName.replaceAll('\\', '/').split('/').at(-1) ?? fileName
  return `${name}:${positionAt(source, node.start).line}`
}
