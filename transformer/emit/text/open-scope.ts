import type { OpenScope } from '../operation.ts'
import { terminate } from './terminate.ts'
import { callText, directives, type TextEmitter } from './text-emitter.ts'

/** Opens a scope in a function body: the user's statements stay where they are, between generated ones. */
export function openScope(emitter: TextEmitter, operation: OpenScope): void {
  const { name, open, closes } = operation
  const opened = `const ${name} = ${callText(open)};`
  const closing = ` finally { ${callText({ object: name, method: 'close', arguments: [] })}; }`
  if (operation.form === 'expression') return openInExpression(emitter, operation, opened, closing)
  surround(emitter, operation, closes ? [`${opened} try {`, `}${closing}`] : [opened, ''])
}

/** `x => expression` → `x => { const scope = …; try { return expression; } finally { scope.close(); } }`. */
function openInExpression({ source, edits }: TextEmitter, { span, closes }: OpenScope, opened: string, closing: string): void {
  const body = source.withParentheses(span)
  edits.open(body.start, closes ? `{ ${opened} try { return ` : `{ ${opened} return `, body)
  edits.close(body.end, closes ? `; }${closing} }` : '; }', body)
}

/** Puts generated statements at the start of a block, behind its directives, and at its end. */
export function surround(emitter: TextEmitter, { span }: Pick<OpenScope, 'span'>, [before, after]: readonly [string, string]): void {
  const { syntax, edits } = emitter
  const block = syntax.get('BlockStatement', span)
  const inside = { start: span.start + 1, end: span.end - 1 }
  const directive = directives(block.body).at(-1)
  terminate(emitter, directive)
  // Before the closing brace: a line comment cannot be in the way, nor a statement left open.
  if (directive !== undefined && directive.end === inside.end) return edits.close(inside.end, ` ${before} ${after} `, span)
  if (inside.start === inside.end) return edits.open(inside.start, ` ${before} ${after} `, inside)
  if (directive === undefined) edits.open(inside.start, ` ${before}`, inside)
  else edits.close(directive.end, ` ${before}`, span)
  if (after !== '') edits.close(inside.end, ` ${after} `, inside)
}
