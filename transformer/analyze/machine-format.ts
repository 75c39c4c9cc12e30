/** Dates written out by what the machine has: its time, its language, its time zone. */
import type { CallExpression, Node } from '../parse/ast.ts'
import { memberName, unwrap } from '../parse/ast.ts'
import { globalPath } from './global-path.ts'
import type { SyntaxTree } from './syntax-tree.ts'

/** Whether a call formats the present moment: `new Intl.DateTimeFormat(…).format()`, which no argument tells the time. */
export function formatsNow(tree: SyntaxTree, call: CallExpression): boolean {
  const callee = unwrap(call.callee)
  if (callee.type !== 'MemberExpression' || !isLeftOut(call.arguments[0])) return false
  const name = memberName(callee)
  return (name === 'format' || name === 'formatToParts') && isMade(tree, callee.object, 'Intl.DateTimeFormat')
}

/** Whether a call writes a date in the machine's own language and time zone: `new Date(…).toLocaleString()`. */
export function formatsAsMachine(tree: SyntaxTree, call: CallExpression): boolean {
  const callee = unwrap(call.callee)
  if (callee.type !== 'MemberExpression' || !isLeftOut(call.arguments[0])) return false
  return /^toLocale(?:Date|Time)?String$/.test(memberName(callee) ?? '') && isMade(tree, callee.object, 'Date')
}

function isLeftOut(argument: Node | undefined): boolean {
  return argument === undefined || (argument.type === 'Identifier' && argument.name === 'undefined')
}

/** Whether an expression makes an object of that class, or is a variable that holds one. */
function isMade(tree: SyntaxTree, expression: Node, path: string): boolean {
  const node = unwrap(expression)
  if (node.type === 'NewExpression' || (node.type === 'CallExpression' && path !== 'Date')) return globalPath(tree, node.callee) === path
  const declaration = node.type === 'Identifier' ? tree.resolve(node)?.declaration : undefined
  if (declaration?.type !== 'VariableDeclarator' || !declaration.init || declaration.id.type !== 'Identifier') return false
  const init = unwrap(declaration.init)
  return (init.type === 'NewExpression' || init.type === 'CallExpression') && isMade(tree, init, path)
}
