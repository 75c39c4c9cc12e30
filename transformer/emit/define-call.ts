import type { AppendStaticBlock, GeneratedCall } from './operation.ts'

/** What a static block calls: with `this`, or with the class's name where `this` would not come through. */
export function defineCall({ define, self }: AppendStaticBlock, staticBlocks: 'kept' | 'lowered' | 'unknown'): GeneratedCall {
  if (self === undefined || (self.needed !== 'always' && staticBlocks !== 'lowered')) return define
  const [, ...rest] = define.arguments
  return { ...define, arguments: [{ kind: 'name', name: self.name }, ...rest] }
}
