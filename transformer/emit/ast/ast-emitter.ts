/** What every operation of the AST back end works with. */
import type ts from 'typescript'
import type { GeneratedCall } from '../operation.ts'
import { literalNode } from './literal-node.ts'

/** The TypeScript the host runs with; never imported as a value, because hosts bring 5.9 or 6.0. */
export type TypeScript = typeof ts

export interface AstEmitter {
  readonly ts: TypeScript
  readonly factory: ts.NodeFactory
  readonly context: ts.TransformationContext
  readonly sourceFile: ts.SourceFile
  readonly options: ts.CompilerOptions
}

/** Builds `object.method(arguments, rest)`. Synthesized nodes have no position, so they get no mapping and no comment. */
export function generatedCall(emitter: AstEmitter, call: GeneratedCall, rest: readonly ts.Expression[] = []): ts.CallExpression {
  const { factory } = emitter
  const callee = factory.createPropertyAccessExpression(factory.createIdentifier(call.object), call.method)
  return factory.createCallExpression(callee, undefined, [...generatedArguments(emitter, call), ...rest])
}

export function generatedArguments({ ts, factory }: AstEmitter, call: GeneratedCall): ts.Expression[] {
  return call.arguments.map((argument) => {
    if (argument.kind === 'this') return factory.createThis()
    return argument.kind === 'name' ? factory.createIdentifier(argument.name) : literalNode(ts, factory, argument.value)
  })
}

/** `const name = value` or, without a value, `let name`. */
export function declaration({ ts, factory }: AstEmitter, name: string, value?: ts.Expression): ts.VariableStatement {
  const flags = value === undefined ? ts.NodeFlags.Let : ts.NodeFlags.Const
  const variable = factory.createVariableDeclaration(name, undefined, undefined, value)
  return factory.createVariableStatement(undefined, factory.createVariableDeclarationList([variable], flags))
}

/** How many statements at the start are directives such as `'use strict'`; generated code goes behind them. */
export function directiveCount({ ts }: AstEmitter, statements: readonly ts.Statement[]): number {
  const end = statements.findIndex((statement) => !ts.isExpressionStatement(statement) || !ts.isStringLiteral(statement.expression))
  return end === -1 ? statements.length : end
}
