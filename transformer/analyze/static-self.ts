import type { DefinedClass, StaticSelf } from '../model/file-model.ts'
import type { ClassInfo } from './class-info.ts'
import { findDecorators } from './declared-steps.ts'
import { spanOf } from './durable-function.ts'
import type { FileContext } from './file-context.ts'

/** The body of a class, and what its static block may call it. */
export function definedClass(file: FileContext, info: ClassInfo): DefinedClass {
  return { ...spanOf(info.node.body), self: staticSelf(file, info) }
}

function staticSelf(file: FileContext, { node }: ClassInfo): StaticSelf | undefined {
  const name = node.id?.name
  if (name === undefined) return undefined
  if (file.options.decorators === 'legacy') return { name, needed: 'always' }
  const isDecoratedByOthers = node.decorators.length > findDecorators(file, node.decorators, 'CatgaProcess').length
  return isDecoratedByOthers ? undefined : { name, needed: 'where static blocks are lowered' }
}
