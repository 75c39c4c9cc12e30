/**
 * Turns one method of process code into its scopes: which calls, derived values and keyed calls belong to the method
 * itself, and which to closures in it that open a scope of their own.
 */
import type { DerivedUse, DurableCall, DurableFunction, KeyedCall, Span, WaitUse } from '../model/file-model.ts'
import type { FunctionManifest, SiteManifest } from '../model/manifest.ts'
import { positionAt } from '../diagnostics/code-frame.ts'
import type { CallExpression, Closure, Node } from '../parse/ast.ts'
import { isClosure } from '../parse/ast.ts'
import type { Member } from './class-info.ts'
import type { FileContext } from './file-context.ts'
import { fingerprint } from './fingerprint.ts'
import { outermost } from './method-code.ts'
import { type CallSite, callSites, type Process } from './process-code.ts'
import type { SyntaxTree } from './syntax-tree.ts'

export interface BuiltFunction {
  readonly manifest: FunctionManifest
  readonly model: DurableFunction
}

export interface BuildFunction {
  readonly process: Process
  readonly member: Member
  readonly kind: 'execute' | 'helper'
  readonly index: number
  /** Prefix of scope variables. */
  readonly scope: string
}

export function durableFunction({ process, member, kind, index, scope }: BuildFunction): BuiltFunction | undefined {
  const code = process.codeOf(member)
  if (code === undefined) return undefined
  const sites = callSites(process, member)
  const branches = branchClosures(process.file.tree, code.root, sites, code.keyed)
  const owner = (node: Node): Closure => owningClosure(process.file.tree, node, code.root, branches)
  const build: Build = {
    process,
    method: code.root,
    scope,
    sites: groupBy(sites, (site) => owner(site.call)),
    // Parameter defaults run before the scope is there; all but logging in them is an error.
    derived: groupBy(
      code.derived.filter(({ node }) => node.start >= (code.root.body?.start ?? 0)),
      ({ node }) => owner(node),
    ),
    keyed: groupBy(code.keyed, owner),
    branches: groupBy(
      [...branches].sort((a, b) => a.start - b.start),
      owner,
    ),
    keyedClosures: new Set(code.keyed.map(keyedClosure).filter((closure) => closure !== undefined)),
  }
  return buildOne(build, { closure: code.root, name: member.name ?? '?', kind, index, depth: 0 })
}

interface Build {
  readonly process: Process
  readonly method: Closure
  readonly scope: string
  readonly sites: ReadonlyMap<Closure, readonly CallSite[]>
  readonly derived: ReadonlyMap<Closure, readonly { readonly use: DerivedUse }[]>
  readonly keyed: ReadonlyMap<Closure, readonly CallExpression[]>
  readonly branches: ReadonlyMap<Closure, readonly Closure[]>
  readonly keyedClosures: ReadonlySet<Closure>
}

interface BuildOne {
  readonly closure: Closure
  readonly name: string
  readonly kind: DurableFunction['kind']
  readonly index: number
  readonly depth: number
}

function buildOne(build: Build, { closure, name, kind, index, depth }: BuildOne): BuiltFunction | undefined {
  const { body } = closure
  if (body === null) return undefined
  const { sites, calls, waits } = buildSites(build, closure, kind)
  let ordinal = 0
  const branches: BuiltFunction[] = []
  for (const [at, inner] of (build.branches.get(closure) ?? []).entries()) {
    const branchName = build.keyedClosures.has(inner) ? '~keyed' : `~${ordinal++}`
    const built = buildOne(build, { closure: inner, name: branchName, kind: 'branch', index: at, depth: depth + 1 })
    if (built !== undefined) branches.push(built)
  }
  const model: DurableFunction = {
    kind,
    index,
    scope: depth === 0 ? build.scope : `${build.scope}${depth}`,
    body: spanOf(body),
    bodyKind: closure.type === 'ArrowFunctionExpression' && closure.expression ? 'expression' : 'block',
    isAsync: closure.async,
    calls,
    waits,
    derived: (build.derived.get(closure) ?? []).map(({ use }) => use),
    keyed: (build.keyed.get(closure) ?? []).map((call): KeyedCall => ({ callee: spanOf(call.callee) })),
    branches: branches.map((branch) => branch.model),
  }
  return { model, manifest: { name, sites, branches: branches.map((branch) => branch.manifest) } }
}

interface BuiltSites {
  readonly sites: SiteManifest[]
  readonly calls: DurableCall[]
  readonly waits: WaitUse[]
}

function buildSites(build: Build, closure: Closure, fnKind: DurableFunction['kind']): BuiltSites {
  const { process, method } = build
  const { file } = process
  const ordinals = new Map<string, number>()
  const sites: SiteManifest[] = []
  const calls: DurableCall[] = []
  const waits: WaitUse[] = []
  for (const found of build.sites.get(closure) ?? []) {
    const { call, kind, durable } = found
    const called = 'name' in found ? found.name : (found.target.name ?? '?')
    const name = 'name' in found ? called : (process.stepOf(found.target)?.name ?? called)
    const ordinal = (ordinals.get(name) ?? 0) + 1
    ordinals.set(name, ordinal)
    if ('name' in found) waits.push({ site: sites.length, callee: spanOf(call.callee), method: found.name })
    else calls.push({ site: sites.length, call: spanOf(call), args: argumentSpan(file, call) })
    sites.push({
      kind,
      method: called,
      site: ordinal === 1 ? escapeName(name) : `${escapeName(name)}#${ordinal}`,
      // A helper that only derives values is over when it returns: nothing goes on beside it.
      mode: !durable || isLast(file.tree, call, closure, fnKind) ? 'awaited' : 'detached',
      fingerprint: fingerprint({ tree: file.tree, call, within: closure, method }),
      line: positionAt(file.source, call.start).line,
    })
  }
  return { sites, calls, waits }
}

/** Step names may hold anything; the characters that structure a journal key are escaped. */
function escapeName(name: string): string {
  return name.replaceAll(/[%/@#]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)
}

/**
 * Whether nothing of the process goes on beside the call: it is awaited, or it is what `execute` itself ends with. A `try` around a
 * `return` may have code that runs after it, a helper or closure closes its scope first: there a `return` does not count.
 */
function isLast(tree: SyntaxTree, call: Node, closure: Closure, kind: DurableFunction['kind']): boolean {
  if (isAwaited(tree, call)) return true
  const statement = tree.parents.get(outermost(tree, call))
  if (kind !== 'execute' || statement?.type !== 'ReturnStatement') return false
  for (let at: Node | undefined = statement; at !== undefined && at !== closure; at = tree.parents.get(at)) {
    if (at.type === 'TryStatement' || (isClosure(at) && at !== closure)) return false
  }
  return true
}

/** Whether the call is the direct operand of an `await`. */
export function isAwaited(tree: SyntaxTree, call: Node): boolean {
  const outer = outermost(tree, call)
  const parent = tree.parents.get(outer)
  return parent?.type === 'AwaitExpression'
}

/** Closures that make durable calls, themselves or through closures in them. */
export function branchClosures(
  tree: SyntaxTree,
  root: Closure,
  sites: readonly CallSite[],
  keyed: readonly CallExpression[],
): ReadonlySet<Closure> {
  const branches = new Set<Closure>()
  const mark = (node: Node): void => {
    for (const closure of enclosing(tree, node, root)) branches.add(closure)
  }
  for (const site of sites) if (site.durable) mark(site.call)
  for (const call of keyed) {
    mark(call)
    const closure = keyedClosure(call)
    if (closure !== undefined) branches.add(closure)
  }
  return branches
}

/** The function written as second argument of `keyed`. */
export function keyedClosure(call: CallExpression): Closure | undefined {
  const argument = call.arguments[1]
  return argument !== undefined && isClosure(argument) ? argument : undefined
}

/** Closures whose body holds a node, innermost first. Parameter defaults belong to the code around the closure. */
function enclosing(tree: SyntaxTree, node: Node, root: Closure): readonly Closure[] {
  const closures: Closure[] = []
  let child = node
  for (let parent = tree.parents.get(child); parent !== undefined && parent !== root; parent = tree.parents.get(child)) {
    if (isClosure(parent) && parent.body === child) closures.push(parent)
    child = parent
  }
  return closures
}

export function owningClosure(tree: SyntaxTree, node: Node, root: Closure, branches: ReadonlySet<Closure>): Closure {
  return enclosing(tree, node, root).find((closure) => branches.has(closure)) ?? root
}

/** Between the parentheses of a call, exclusive. */
export function argumentSpan(file: FileContext, call: CallExpression): Span {
  const from = call.typeArguments?.end ?? call.callee.end
  return { start: openingParenthesis(file.source, from) + 1, end: call.end - 1 }
}

/** Only blanks, comments, `?.` and closing parentheses of the callee stand between callee and arguments. */
function openingParenthesis(source: string, from: number): number {
  let at = from
  while (at < source.length && source[at] !== '(') {
    if (source.startsWith('//', at)) at += source.slice(at).search(/[\n\r\u2028\u2029]/)
    else if (source.startsWith('/*', at)) at = source.indexOf('*/', at) + 1
    at++
  }
  return at
}

export function spanOf(node: Span): Span {
  return { start: node.start, end: node.end }
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => Closure): ReadonlyMap<Closure, readonly Item[]> {
  const groups = new Map<Closure, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}
