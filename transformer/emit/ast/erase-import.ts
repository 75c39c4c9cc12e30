import type ts from 'typescript'
import type { AstEmitter } from './ast-emitter.ts'

/**
 * Removes specifiers from an import declaration. TypeScript drops unused and type-only imports of original
 * declarations only, so for the one we rebuild we ask the same question and drop what it would have dropped.
 */
export function eraseSpecifiers(
  emitter: AstEmitter,
  original: ts.ImportDeclaration,
  isErased: (specifier: ts.ImportSpecifier) => boolean,
): ts.Statement {
  const { ts, factory } = emitter
  const clause = original.importClause
  const bindings = clause?.namedBindings
  if (clause === undefined || bindings === undefined || !ts.isNamedImports(bindings)) return original
  const kept = bindings.elements.filter((specifier) => !isErased(specifier) && !specifier.isTypeOnly && isEmitted(emitter, specifier))
  const name = clause.name !== undefined && isEmitted(emitter, clause) ? clause.name : undefined
  if (kept.length === 0 && name === undefined) return factory.createNotEmittedStatement(original)
  const named = kept.length === 0 ? undefined : factory.updateNamedImports(bindings, kept)
  return factory.updateImportDeclaration(
    original,
    original.modifiers,
    factory.createImportClause(undefined, name, named),
    original.moduleSpecifier,
    original.attributes,
  )
}

/** What TypeScript's own transformer asks; the method is on every transformation context but not in its typings. */
interface EmitResolver {
  isReferencedAliasDeclaration(node: ts.Node): boolean
}

function isEmitted({ context, options }: AstEmitter, alias: ts.ImportSpecifier | ts.ImportClause): boolean {
  if (options.verbatimModuleSyntax === true) return true
  const { getEmitResolver } = context as { getEmitResolver?: () => EmitResolver }
  return getEmitResolver === undefined || getEmitResolver().isReferencedAliasDeclaration(alias)
}
