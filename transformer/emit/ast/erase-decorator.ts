import type ts from 'typescript'
import type { AstEmitter } from './ast-emitter.ts'

/**
 * Removes one of our decorators. Under `emitDecoratorMetadata` TypeScript writes metadata for decorated declarations
 * only, and containers read it; so where ours were the only decorators, the first leaves an inert one behind.
 */
export function eraseDecorator(
  emitter: AstEmitter,
  decorator: ts.Decorator,
  isErased: (other: ts.Decorator) => boolean,
): ts.Decorator | undefined {
  const { ts, factory, options } = emitter
  if (options.experimentalDecorators !== true || options.emitDecoratorMetadata !== true) return undefined
  const declaration = decorator.parent
  const own = ts.canHaveDecorators(declaration) ? (ts.getDecorators(declaration) ?? []) : []
  const others = [...own, ...parameterDecorators(emitter, declaration)].some((other) => !isErased(other))
  if (others || own.find(isErased) !== decorator) return undefined
  const arrow = factory.createToken(ts.SyntaxKind.EqualsGreaterThanToken)
  const inert = factory.createArrowFunction(undefined, undefined, [], undefined, arrow, factory.createBlock([]))
  return factory.createDecorator(factory.createParenthesizedExpression(inert))
}

function parameterDecorators({ ts }: AstEmitter, declaration: ts.Node): readonly ts.Decorator[] {
  const callable = ts.isClassLike(declaration) ? declaration.members.find(ts.isConstructorDeclaration) : declaration
  if (callable === undefined || !(ts.isConstructorDeclaration(callable) || ts.isMethodDeclaration(callable))) return []
  return callable.parameters.flatMap((parameter) => ts.getDecorators(parameter) ?? [])
}
