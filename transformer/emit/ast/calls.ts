import type ts from 'typescript'
import type { PassToken, ReplaceCallee } from '../operation.ts'
import type { AstEmitter } from './ast-emitter.ts'
import { generatedArguments, generatedCall } from './ast-emitter.ts'

/** `f(a, b)` → `f(...scope.call(0, [a, b]))`: the arguments are evaluated before the token is left. */
export function passToken(emitter: AstEmitter, { through }: PassToken, call: ts.CallExpression): ts.CallExpression {
  const { ts, factory } = emitter
  const list = ts.setTextRange(factory.createNodeArray(call.arguments), call.arguments)
  const spread = factory.createSpreadElement(generatedCall(emitter, through, [factory.createArrayLiteralExpression(list)]))
  return factory.updateCallExpression(call, call.expression, call.typeArguments, [spread])
}

/** `Date.now()` → `scope.now()`; `new Date` → `scope.date()`. The user's arguments follow the generated ones. */
export function replaceCallee(emitter: AstEmitter, { by }: ReplaceCallee, call: ts.CallExpression | ts.NewExpression): ts.Expression {
  const { ts, factory } = emitter
  const callee = factory.createPropertyAccessExpression(factory.createIdentifier(by.object), by.method)
  const args = [...generatedArguments(emitter, by), ...(call.arguments ?? [])]
  const replaced = factory.createCallExpression(callee, undefined, args)
  // It stands for the user's call: mapped to it, with the comments around it.
  return ts.setTextRange(ts.setOriginalNode(replaced, call), call)
}
