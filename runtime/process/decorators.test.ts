import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import * as catga from './decorators.ts'

const SOURCE = `
import { CatgaProcess, ProcessStep, keyed, stepContext } from 'catga'
@CatgaProcess({ id: (input: { id: string }) => input.id })
export class OrderProcess {
  async execute({ id }: { id: string }) {
    return [await this.reserve(id), await keyed(id, () => this.reserve('b'))]
  }
  @ProcessStep({ name: 'reserve it', retry: 5, compensate: 'release' })
  async reserve(id: string) {
    return { id, key: stepContext().idempotencyKey, attempt: stepContext().attempt, aborted: stepContext().signal.aborted }
  }
  async release() {}
}`

interface Reserved {
  readonly id: string
  readonly key: string
  readonly attempt: number
  readonly aborted: boolean
}
type PlainClass = new () => { execute(input: { id: string }): Promise<readonly Reserved[]> }

function compile(experimentalDecorators: boolean): PlainClass {
  const { outputText } = ts.transpileModule(SOURCE, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, experimentalDecorators },
  })
  const exports: { OrderProcess?: PlainClass } = {}
  new Function('require', 'exports', outputText)(() => catga, exports)
  if (exports.OrderProcess === undefined) throw new Error('no class')
  return exports.OrderProcess
}

describe.each([
  ['standard', false],
  ['legacy', true],
] as const)('with %s decorators and no compiler', (_, experimental) => {
  test('a process is the plain class it looks like', async () => {
    const results = await new (compile(experimental))().execute({ id: 'a' })
    expect(results).toEqual([
      { id: 'a', key: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, attempt: 1, aborted: false },
      { id: 'b', key: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, attempt: 1, aborted: false },
    ])
    expect(results[0]?.key).not.toBe(results[1]?.key)
  })
})

test('keyed answers what its function answers and throws what it throws', () => {
  expect(catga.keyed('a', () => 5)).toBe(5)
  expect(() =>
    catga.keyed(1n, () => {
      throw new RangeError('no')
    }),
  ).toThrow(RangeError)
})
