/**
 * Functions that process code calls outside its class, in the same file or in another module. They are read, never
 * rewritten: a plain computation is fine, waiting for the world or asking for time and randomness is not.
 */
import { positionAt } from '../diagnostics/code-frame.ts'
import type { Closure, Node } from '../parse/ast.ts'
import { isClosure, unwrap } from '../parse/ast.ts'
import { isDerivedPath } from './derived.ts'
import { obstacle, type Surroundings } from './durability.ts'
import { textOf } from './file-context.ts'
import { globalPath } from './global-path.ts'
import { formatsNow } from './machine-format.ts'
import { methodCode } from './method-code.ts'
import { nondeterministic } from './platform.ts'
import type { ModuleSource, OutsideModules } from './outside-modules.ts'
import type { Binding, SyntaxTree } from './syntax-tree.ts'

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

/** Judges functions of this and other modules, each once per analysis. */
export class OutsideFunctions {
  readonly #modules: OutsideModules
  readonly #verdicts = new Map<Closure, Verdict | undefined>()

  constructor(modules: OutsideModules) {
    this.#modules = modules
  }

  /** The function outside any class that a name means, where its source is at hand. */
  find(module: ModuleSource, identifier: Node): FunctionSource | undefined {
    const binding = module.tree.resolve(identifier)
    if (binding === undefined || binding.scope.kind !== 'module') return undefined
    const closure = closureOf(binding.declaration)
    if (closure !== undefined) return { module, closure }
    const found = binding.kind === 'import' ? this.#modules.find(module, binding.name) : undefined
    const imported = found === undefined ? undefined : closureOf(found.node)
    return found === undefined || imported === undefined ? undefined : { module: found.module, closure: imported }
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

function closureOf(declaration: Node): Closure | undefined {
  if (isClosure(declaration)) return declaration
  if (declaration.type !== 'VariableDeclarator' || !declaration.init || declaration.id.type !== 'Identifier') return undefined
  const init = unwrap(declaration.init)
  return isClosure(init) ? init : undefined
}

export interface OutsideCode extends FunctionSource {
  /** What `this.name` is, in a method. */
  readonly thisMember?: Surroundings['thisMember']
}

/** The same, of what the code itself does. */
export function ownVerdict(functions: OutsideFunctions, { module, closure, thisMember }: OutsideCode): Verdict | undefined {
  const { tree } = module
  const code = methodCode(tree, NO_IMPORTS, closure)
  for (const call of [...code.of('CallExpression'), ...code.of('NewExpression')]) {
    if (call.type === 'CallExpression' && formatsNow(tree, call))
      return { kind: 'not durable', what: `uses "${textOf(module, call)}"`, where: place(module, call) }
    const path = globalPath(tree, call.callee)
    if (path === undefined) continue
    const isDate = path === 'Date' && call.type === 'NewExpression'
    const isTime = isDate ? call.arguments.length === 0 : isDerivedPath(path) || nondeterministic(path) !== undefined
    if (isTime) return { kind: 'not durable', what: `uses "${textOf(module, call)}"`, where: place(module, call) }
  }
  const around = { ...surroundings(tree, closure), ...(thisMember && { thisMember }) }
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
      return binding !== undefined && binding.kind === 'param' && isLocal(binding) && !isPlainData(annotationOf(binding.node))
    },
    isLocal,
  }
}

const PLAIN_TYPES: ReadonlySet<string> = new Set([
  'TSStringKeyword',
  'TSNumberKeyword',
  'TSBooleanKeyword',
  'TSBigIntKeyword',
  'TSSymbolKeyword',
  'TSNullKeyword',
  'TSUndefinedKeyword',
  'TSLiteralType',
  'TSTemplateLiteralType',
])

function annotationOf(parameter: Node): Node | undefined {
  const annotation = 'typeAnnotation' in parameter ? parameter.typeAnnotation : undefined
  return annotation?.type === 'TSTypeAnnotation' ? annotation.typeAnnotation : undefined
}

/** Whether a type that is written out holds no promise and no function. */
function isPlainData(type: Node | undefined): boolean {
  if (type === undefined) return false
  if (type.type === 'TSArrayType') return isPlainData(type.elementType)
  return type.type === 'TSUnionType' ? type.types.every(isPlainData) : PLAIN_TYPES.has(type.type)
}

function place({ fileName, source }: ModuleSource, node: Node): string {
  const name = fileName.replaceAll('\\', '/').split('/').at(-1) ?? fileName
  return `${name}:${positionAt(source, node.start).line}`
}
