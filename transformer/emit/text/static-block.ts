import type { Span } from '../../model/file-model.ts'
import { defineCall } from '../define-call.ts'
import type { AppendStaticBlock } from '../operation.ts'
import { flatten } from './flatten.ts'
import { terminate } from './terminate.ts'
import { callText, type TextEmitter } from './text-emitter.ts'

/** ` static { $catga.define(this, $m, { id, privates }); } ` before the closing brace of a class. */
export function staticBlock(emitter: TextEmitter, operation: AppendStaticBlock): void {
  const { syntax, edits } = emitter
  const { span, idFunction, privates } = operation
  const define = defineCall(operation, 'unknown')
  const body = syntax.get('ClassBody', span)
  const at = span.end - 1
  const inside = { start: span.start + 1, end: at }
  terminate(emitter, body.body.at(-1))
  const given = privates.length === 0 ? [] : [privatesText(privates)]
  if (idFunction === undefined) {
    const access = given.length === 0 ? [] : [`{ ${given.join(', ')} }`]
    return edits.close(at, ` static { ${callText(define, access)}; } `, inside)
  }
  const [before, after] = callText(define, ['\n']).split('\n')
  edits.close(at, ` static { ${before ?? ''}{ ${isMethod(emitter, idFunction) ? '' : 'id: '}`, inside)
  flatten(emitter, idFunction)
  edits.move(idFunction, at, ` ${given.map((text) => `, ${text}`).join('')}}${after ?? ''}; } `)
}

/** `{ id(order) { … } }` moves as the method that it is. */
function isMethod({ syntax }: TextEmitter, span: Span): boolean {
  return syntax.find('Property', span) !== undefined
}

/** `privates: { '#reserve': (self, args) => self.#reserve(...args) }`. */
function privatesText(names: readonly string[]): string {
  return `privates: { ${names.map((name) => `'#${name}': (self, args) => self.#${name}(...args)`).join(', ')} }`
}
