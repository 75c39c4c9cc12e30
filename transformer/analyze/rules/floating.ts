import type { CallExpression, Closure, Node } from '../../parse/ast.ts'
import { isClosure, memberName, unwrap } from '../../parse/ast.ts'
import type { Member } from '../class-info.ts'
import { branchClosures, isAwaited } from '../durable-function.ts'
import { type FileContext, textOf } from '../file-context.ts'
import { globalPath } from '../global-path.ts'
import { callOf, outermost } from '../method-code.ts'
import { callSites, type Process } from '../process-code.ts'

const CHAINING: ReadonlySet<string> = new Set(['then', 'catch', 'finally'])
const COMBINING: ReadonlySet<string> = new Set(['all', 'allSettled', 'race', 'any', 'resolve'])
/** Array methods that answer what their callback answers. */
const MAPPING: ReadonlySet<string> = new Set(['map', 'flatMap', 'from'])

/** Array methods that decide by what their callback answers at once. */
const TESTING: ReadonlySet<string> = new Set([
  'filter',
  'find',
  'findIndex',
  'findLast',
  'findLastIndex',
  'some',
  'every',
  'sort',
  'toSorted',
])

/** Methods of collections that keep what they are given. */
const KEEPING: ReadonlySet<string> = new Set(['push', 'unshift', 'add', 'set'])

/** Methods of event emitters, event targets and observables that call what they are given whenever something happens. */
const LISTENING: ReadonlySet<string> = new Set([
  'on',
  'once',
  'addListener',
  'addEventListener',
  'prependListener',
  'prependOnceListener',
  'subscribe',
])

/** CATGA110: nothing can ever await a durable call. */
export function floating(process: Process): void {
  for (const member of process.reached) {
    const code = process.codeOf(member)
    if (code === undefined) continue
    const sites = callSites(process, member).filter((site) => site.durable)
    const promises: CallExpression[] = [...code.keyed]
    for (const site of sites) if ('name' in site || answersPromise(process, site.target)) promises.push(site.call)
    for (const call of promises) report(process.file, dropped(process.file, call))
    // What is async for sure is a promise here, whatever is done with it.
    for (const site of sites)
      if ('name' in site || process.codeOf(site.target)?.root.async === true) report(process.file, mistaken(process.file, site.call))
    for (const closure of branchClosures(process.file.tree, code.root, sites, code.keyed)) checkClosure(process.file, closure)
  }
}

/** A helper that is not async and returns nothing keeps its promises to itself: the mistake is inside it. */
function answersPromise(process: Process, target: Member): boolean {
  const code = process.codeOf(target)
  if (code === undefined || code.root.async) return true
  return code.of('ReturnStatement').some((statement) => statement.argument !== null)
}

interface Dropped {
  readonly at: Node
  readonly fix: string
}

function report(file: FileContext, found: Dropped | undefined): void {
  if (found !== undefined) file.report('CATGA110', found.at, { call: `"${shortCall(file, found.at)}"`, fix: found.fix })
}

/** Where the promise an expression answers gets lost, if it does. */
function dropped(file: FileContext, expression: Node): Dropped | undefined {
  const { tree } = file
  const outer = outermost(tree, expression)
  const parent = tree.parents.get(outer)
  if (parent === undefined) return undefined
  const here: Dropped = { at: expression, fix: `Write "await ${shortCall(file, expression)}", or keep the promise and await it later.` }
  switch (parent.type) {
    case 'ExpressionStatement':
      return settlesPromise(file, parent) ? undefined : here
    case 'UnaryExpression':
      return parent.operator === 'void' ? here : undefined
    case 'ForStatement':
      return outer === parent.init || outer === parent.update ? here : undefined
    case 'SequenceExpression':
      return parent.expressions.at(-1) === outer ? rise(file, parent, here) : here
    case 'LogicalExpression':
      return parent.right === outer ? rise(file, parent, here) : undefined
    case 'ConditionalExpression':
      return parent.test === outer ? undefined : rise(file, parent, here)
    case 'ArrayExpression':
    case 'SpreadElement':
      return dropped(file, parent)
    case 'VariableDeclarator':
      return unusedVariable(file, parent, expression)
    case 'MemberExpression': {
      const call = parent.object === outer && CHAINING.has(memberName(parent) ?? '') ? callOf(tree, parent) : undefined
      return call === undefined ? undefined : dropped(file, call)
    }
    case 'CallExpression':
      return parent.callee !== outer && carriesArguments(parent) ? dropped(file, parent) : undefined
    default:
      return undefined
  }
}

/** In the function given to `new Promise`, work is tied to the promise by calling `resolve` and `reject`. */
function settlesPromise({ tree }: FileContext, statement: Node): boolean {
  for (let node = tree.parents.get(statement); node !== undefined; node = tree.parents.get(node)) {
    if (!isClosure(node)) continue
    const holder = tree.parents.get(node)
    return holder?.type === 'NewExpression' && holder.callee.type === 'Identifier' && holder.callee.name === 'Promise'
  }
  return false
}

/** A promise where its value was meant: as a condition, an operand, or an object with members. */
function mistaken(file: FileContext, expression: Node): Dropped | undefined {
  const outer = outermost(file.tree, expression)
  const parent = file.tree.parents.get(outer)
  if (parent === undefined || !takesValue(parent, outer)) return undefined
  const awaited = `await ${shortCall(file, expression)}`
  return { at: expression, fix: `Write "${parent.type === 'MemberExpression' ? `(${awaited})` : awaited}".` }
}

function takesValue(parent: Node, operand: Node): boolean {
  switch (parent.type) {
    case 'IfStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'ForStatement':
    case 'ConditionalExpression':
      return parent.test === operand
    case 'SwitchStatement':
      return parent.discriminant === operand
    case 'UnaryExpression':
      return parent.operator === '!'
    case 'LogicalExpression':
      return parent.operator === '&&' && parent.left === operand
    case 'BinaryExpression':
    case 'TemplateLiteral':
      return true
    case 'MemberExpression':
      return parent.object === operand && !CHAINING.has(memberName(parent) ?? 'then')
    default:
      return false
  }
}

/** The operand's own call is what to point at, when what is around it is dropped as a whole. */
function rise(file: FileContext, parent: Node, here: Dropped): Dropped | undefined {
  return dropped(file, parent) === undefined ? undefined : here
}

function unusedVariable(
  file: FileContext,
  declarator: Node & { readonly type: 'VariableDeclarator' },
  expression: Node,
): Dropped | undefined {
  if (declarator.id.type !== 'Identifier') return undefined
  const binding = file.tree.declaredBy(declarator.id)
  if (binding === undefined || binding.references.length > 0) return undefined
  return { at: expression, fix: `Await "${declarator.id.name}", which holds its promise.` }
}

/** `Promise.all(…)` and its like answer for their arguments. */
function carriesArguments(call: CallExpression): boolean {
  const callee = unwrap(call.callee)
  return (
    callee.type === 'MemberExpression' &&
    callee.object.type === 'Identifier' &&
    callee.object.name === 'Promise' &&
    COMBINING.has(memberName(callee) ?? '')
  )
}

/** A closure with durable calls answers a promise; look at who gets it. */
function checkClosure(file: FileContext, closure: Closure): void {
  const { tree } = file
  if (!closure.async && (!returnsSomething(closure) || keepsPromise(closure))) return
  if (closure.type === 'FunctionDeclaration') return checkCalls(file, closure.id)
  const immediate = callOf(tree, closure)
  if (immediate !== undefined) return report(file, dropped(file, immediate))
  const outer = outermost(tree, closure)
  const parent = tree.parents.get(outer)
  if (parent?.type === 'VariableDeclarator') return checkCalls(file, parent.id)
  checkTaker(file, outer)
}

/** Looks at what a function with durable calls is handed to. */
function checkTaker(file: FileContext, handed: Node): void {
  const parent = file.tree.parents.get(handed)
  if (parent?.type !== 'CallExpression' || parent.callee === handed) return
  const callee = unwrap(parent.callee)
  const method = callee.type === 'MemberExpression' ? (memberName(callee) ?? '') : ''
  if (method === 'forEach') {
    report(file, { at: parent, fix: 'Use "for (const … of …)" with "await", or "await Promise.all(….map(…))".' })
    return
  }
  if (TESTING.has(method)) {
    report(file, {
      at: parent,
      fix: 'Await the answers first, "await Promise.all(….map(…))", and decide by them: a promise is never false.',
    })
    return
  }
  if (callsLater(file, parent, method)) {
    report(file, {
      at: parent,
      fix: 'Make the call in process code that can await it; what an event or the event loop calls, nothing awaits.',
    })
    return
  }
  if (CHAINING.has(method)) {
    // The chain starts with a promise that is durable itself, or it is told as such.
    report(file, dropped(file, parent))
    return
  }
  if (MAPPING.has(method)) report(file, droppedArray(file, parent))
}

/** Whether a call keeps the function it is given for later and drops what that answers. */
function callsLater(file: FileContext, call: CallExpression, method: string): boolean {
  if (globalPath(file.tree, call.callee) === 'queueMicrotask') return true
  if (!LISTENING.has(method) || isAwaited(file.tree, call) || settlesPromise(file, call)) return false
  // Listeners come after the name of an event; with one argument it is something else, such as lodash's `once`.
  return method === 'subscribe' || call.arguments.length > 1
}

function droppedArray(file: FileContext, call: CallExpression): Dropped | undefined {
  const found = dropped(file, call)
  return found?.at === call ? { at: call, fix: `Write "await Promise.all(${shortCall(file, call)})".` } : found
}

function checkCalls(file: FileContext, name: Node | null): void {
  const binding = name === null ? undefined : file.tree.declaredBy(name)
  for (const reference of binding?.references ?? []) {
    const call = callOf(file.tree, reference)
    if (call === undefined) checkTaker(file, outermost(file.tree, reference))
    else report(file, dropped(file, call))
  }
}

/** `(item) => jobs.push(this.ship(item))` and `(item) => (job = this.ship(item))` answer something, but the promise is kept elsewhere. */
function keepsPromise(closure: Closure): boolean {
  if (closure.type !== 'ArrowFunctionExpression' || !closure.expression) return false
  const answer = unwrap(closure.body)
  if (answer.type === 'AssignmentExpression') return true
  if (answer.type !== 'CallExpression') return false
  const callee = unwrap(answer.callee)
  return callee.type === 'MemberExpression' && unwrap(callee.object).type !== 'ThisExpression' && KEEPING.has(memberName(callee) ?? '')
}

function returnsSomething(closure: Closure): boolean {
  if (closure.type === 'ArrowFunctionExpression' && closure.expression) return true
  return (
    closure.body !== null &&
    closure.body.type === 'BlockStatement' &&
    closure.body.body.some((statement) => statement.type === 'ReturnStatement' && statement.argument !== null)
  )
}

/** `this.ship(…)`: the call without its arguments. */
function shortCall(file: FileContext, node: Node): string {
  const inner = unwrap(node)
  if (inner.type !== 'CallExpression') return textOf(file, node)
  if (isClosure(unwrap(inner.callee))) return '(async () => …)()'
  return `${textOf(file, inner.callee)}(${inner.arguments.length === 0 ? '' : '…'})`
}
