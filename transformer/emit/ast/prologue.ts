import type ts from 'typescript'
import type { EmitPlan } from '../plan.ts'
import type { AstEmitter } from './ast-emitter.ts'
import { declaration, directiveCount, generatedCall } from './ast-emitter.ts'
import { literalNode } from './literal-node.ts'

/** Puts the runtime import, the manifests or the errors behind the imports that a file starts with. */
export function addPrologue(emitter: AstEmitter, plan: EmitPlan, statements: readonly ts.Statement[]): ts.Statement[] {
  const { ts, factory } = emitter
  const literal = (value: unknown) => literalNode(ts, factory, value)
  const added: ts.Statement[] = [runtimeImport(emitter, plan.runtime)]
  for (const { name, manifest } of plan.manifests) added.push(declaration(emitter, name, literal(manifest)))
  if (plan.errors.length > 0) {
    const thrown = generatedCall(emitter, { object: plan.runtime, method: 'compileErrors', arguments: [] }, [literal(plan.errors)])
    added.push(factory.createExpressionStatement(thrown))
  }
  const at = importsEnd(emitter, statements)
  return [...statements.slice(0, at), ...added, ...statements.slice(at)]
}

/** A namespace import: a synthesized named import is left unbound in CommonJS output. */
function runtimeImport({ factory }: AstEmitter, name: string): ts.ImportDeclaration {
  const clause = factory.createImportClause(undefined, undefined, factory.createNamespaceImport(factory.createIdentifier(name)))
  return factory.createImportDeclaration(undefined, clause, factory.createStringLiteral('catga/emitted', true))
}

function importsEnd(emitter: AstEmitter, statements: readonly ts.Statement[]): number {
  const { ts } = emitter
  const directives = directiveCount(emitter, statements)
  const rest = statements.slice(directives).findIndex((statement) => {
    return !ts.isImportDeclaration(statement) && !ts.isImportEqualsDeclaration(statement) && !ts.isNotEmittedStatement(statement)
  })
  return rest === -1 ? statements.length : directives + rest
}
