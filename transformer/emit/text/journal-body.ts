import type { Node } from '../../parse/ast.ts'
import type { JournalBody, LeaveBody } from '../operation.ts'
import { surround } from './open-scope.ts'
import { callText, type TextEmitter } from './text-emitter.ts'

/** Wraps a step's body; see docs/emitted-code.md. */
export function journalBody(emitter: TextEmitter, operation: JournalBody): void {
  const { frame, value, label, error, returns, enter } = operation
  const before = [
    `const ${frame} = ${callText(enter)};`,
    `if (!${frame}.runs) return ${frame}.outcome();`,
    ...(returns ? [`let ${value};`] : []),
    returns ? `try { ${label}: {` : 'try {',
  ]
  const after = [
    returns ? '} }' : '}',
    `catch (${error}) { return ${frame}.failed(${error}); }`,
    `return ${frame}.completed(${returns ? value : 'undefined'});`,
  ]
  surround(emitter, operation, [before.join(' '), after.join(' ')])
}

/** `return x` → `{ $v = x; break $b; }`. What stands for `return` maps to it, so that a breakpoint binds there. */
export function leaveBody({ source, syntax, edits }: TextEmitter, { span, value, label }: LeaveBody): void {
  const { argument } = syntax.get('ReturnStatement', span)
  const keyword = { start: span.start, end: span.start + 'return'.length }
  const separator = source.endsWord(span.start) ? ' ' : ''
  edits.open(span.start, `${separator}{ `, span)
  if (source.text.charAt(span.end - 1) === ';') edits.remove({ start: span.end - 1, end: span.end }, '')
  if (argument === null) return edits.replace(keyword, `break ${label}; }`)
  // An assignment takes no comma expression.
  const [open, close] = isSequence(argument) ? ['(', ')'] : ['', '']
  edits.replace(keyword, `${value} =${open}`)
  edits.close(argument.end, `${close}; break ${label}; }`, argument)
}

function isSequence(node: Node): boolean {
  return node.type === 'SequenceExpression'
}
