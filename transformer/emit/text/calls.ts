import type { CallExpression, NewExpression } from '../../parse/ast.ts'
import type { PassToken, ReplaceCallee } from '../operation.ts'
import { argumentTexts, callText, type TextEmitter } from './text-emitter.ts'

/** `f(a, b)` → `f(...scope.call(0, [a, b]))`: only the ends of the argument list are touched. */
export function passToken(emitter: TextEmitter, { span, through }: PassToken): void {
  const call = emitter.syntax.get('CallExpression', span)
  const from = parenthesis(emitter, call) + 1
  const to = call.end - 1
  const whole = callText(through, ['[]'])
  const [before, after] = [`...${whole.slice(0, -2)}`, '])']
  if (from === to) return emitter.edits.open(from, before + after, span)
  emitter.edits.open(from, before, { start: from, end: to })
  emitter.edits.close(to, after, { start: from, end: to })
}

/** `Date.now()` → `scope.now()`; `new Date` → `scope.date()`. The user's arguments follow the generated ones. */
export function replaceCallee(emitter: TextEmitter, operation: ReplaceCallee): void {
  const { syntax, edits, source } = emitter
  const call = calledAt(emitter, operation)
  const { by } = operation
  const callee = `${source.endsWord(call.start) ? ' ' : ''}${by.object}.${by.method}`
  const leading = argumentTexts(by).join(', ')
  const bare = syntax.find('NewExpression', call) !== undefined && !isClosed(emitter, call)
  const from = bare ? call.end : parenthesis(emitter, call)
  const first = { start: call.start, end: call.start + 1 }
  const others = { start: first.end, end: from }
  edits.replace(first, bare ? `${callee}(${leading})` : callee)
  edits.remove(others, source.residue(others))
  if (bare || leading === '') return
  edits.open(from + 1, call.arguments.length === 0 ? leading : `${leading}, `, { start: from + 1, end: call.end - 1 })
}

function calledAt({ syntax }: TextEmitter, { at, span }: ReplaceCallee): CallExpression | NewExpression {
  if (at === 'callee') return syntax.callAt(span)
  return syntax.find('NewExpression', span) ?? syntax.get('CallExpression', span)
}

/** `new Date` has no parentheses, `new (Date)` only such as belong to its callee. */
function isClosed({ source }: TextEmitter, call: CallExpression | NewExpression): boolean {
  return call.end > call.callee.end && source.text.charAt(call.end - 1) === ')'
}

/** Where the parenthesis before the arguments is: behind the callee, type arguments and `?.`. */
function parenthesis({ source }: TextEmitter, call: CallExpression | NewExpression): number {
  const from = source.tokenFrom(call.typeArguments?.end ?? call.callee.end)
  return source.text.startsWith('?.', from) ? source.tokenFrom(from + 2) : from
}
