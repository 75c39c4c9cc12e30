import type { Span } from '../../model/file-model.ts'
import type { Node } from '../../parse/ast.ts'
import { forEachChild } from '../../parse/children.ts'
import { hasOuterDecorators } from './syntax-index.ts'
import { terminate } from './terminate.ts'
import type { TextEmitter } from './text-emitter.ts'

const LINE_BREAK = /[\n\r\u2028\u2029]/

/**
 * Brings the code of a span onto one line, because it moves to another line and must not push down what is there. Its
 * comments stay where they were.
 */
export function flatten(emitter: TextEmitter, span: Span): void {
  const { source, program, edits } = emitter
  const templates: Span[] = []
  const visit = (node: Node): void => {
    const meets = node.start < span.end && span.start < node.end
    if (!meets && !hasOuterDecorators(node)) return
    const inside = span.start <= node.start && node.end <= span.end
    if (inside && node.type === 'TemplateLiteral') templates.push(...node.quasis)
    if (inside && (node.type === 'BlockStatement' || node.type === 'ClassBody')) for (const item of node.body) terminate(emitter, item)
    forEachChild(node, visit)
  }
  visit(program)
  const comments = source.commentsIn(span)
  for (const comment of comments) edits.remove(comment, ' ')
  for (let at = span.start; at < span.end; at++) {
    const comment = comments.find(({ start, end }) => start <= at && at < end)
    if (comment !== undefined) at = comment.end - 1
    else if (LINE_BREAK.test(source.text.charAt(at))) edits.replace({ start: at, end: at + 1 }, lineBreakIn(templates, source.text, at))
  }
}

/** A template reads every line break as a line feed; elsewhere it is space. */
function lineBreakIn(templates: readonly Span[], text: string, at: number): string {
  if (!templates.some(({ start, end }) => start <= at && at < end)) return ' '
  const character = text.charAt(at)
  if (character === '\u2028') return '\\u2028'
  if (character === '\u2029') return '\\u2029'
  return character === '\r' && text.charAt(at + 1) === '\n' ? '' : '\\n'
}
