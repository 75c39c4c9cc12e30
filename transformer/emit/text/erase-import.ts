import type { ImportDeclaration } from '../../parse/ast.ts'
import type { Erase } from '../operation.ts'
import { terminate } from './terminate.ts'
import type { TextEmitter } from './text-emitter.ts'

/** Removes an import declaration. */
export function eraseImport(emitter: TextEmitter, { span }: Pick<Erase, 'span'>): void {
  const { program, source, edits, isErased } = emitter
  terminate(
    emitter,
    program.body.findLast((statement) => statement.end <= span.start && !isErased(statement)),
  )
  edits.remove(span, source.residue(span))
}

/**
 * Removes specifiers from an import declaration. Type-only ones stay, so that the text still has its types; the AST
 * back end drops them, as TypeScript would.
 */
export function eraseSpecifiers(emitter: TextEmitter, declaration: ImportDeclaration): void {
  const { source, edits, isErased } = emitter
  const named = declaration.specifiers.filter((specifier) => specifier.type === 'ImportSpecifier')
  const removed = named.filter(isErased)
  if (removed.length === named.length) {
    // `import name, { all, of, them } from '…'`
    const first = declaration.specifiers[0]!
    const braces = { start: first.end, end: source.text.indexOf('}', named.at(-1)!.end) + 1 }
    return edits.remove(braces, source.residue(braces))
  }
  for (const specifier of removed) {
    const next = source.tokenFrom(specifier.end)
    const span = { start: specifier.start, end: source.text.charAt(next) === ',' ? next + 1 : specifier.end }
    edits.remove(span, source.residue(span))
  }
}
