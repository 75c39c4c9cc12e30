import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import MagicString from 'magic-string'
import { describe, expect, test } from 'vitest'
import { compileText } from './text-compile.ts'

const ORIGINAL = `import { CatgaProcess, ProcessStep } from 'catga'

@CatgaProcess()
export class Greeting {
  async execute(name: string) {
    return await this.greet(name)
  }

  @ProcessStep()
  async greet(name: string) {
    return \`hello \${name}\`
  }
}
`

/** 1-based line and 0-based column of the first place of a text. */
function placeOf(source: string, text: string): { readonly line: number; readonly column: number } {
  const before = source.slice(0, source.indexOf(text)).split('\n')
  return { line: before.length, column: before.at(-1)!.length }
}

describe('a text that was made from another', () => {
  test('leads through its own map to the first', () => {
    const earlier = new MagicString(ORIGINAL)
    earlier.prepend('/* made */\n/* by a tool */\n')
    earlier.overwrite(ORIGINAL.indexOf('Greeting'), ORIGINAL.indexOf('Greeting') + 'Greeting'.length, 'RenamedByTheTool')
    const inputMap = earlier.generateMap({ source: 'greeting.original.ts', includeContent: true, hires: true })
    const { code, map, diagnostics } = compileText(earlier.toString(), 'greeting.ts', {}, inputMap)
    expect(diagnostics).toEqual([])
    const traced = new TraceMap(map as never)
    for (const text of ['async execute', 'greet(...', '`hello']) {
      const found = originalPositionFor(traced, placeOf(code, text))
      expect(found, text).toMatchObject({ source: 'greeting.original.ts', ...placeOf(ORIGINAL, text.replace('(...', '(name)')) })
    }
    expect(map!.sourcesContent).toEqual([ORIGINAL])
  })

  test('without a map leads to itself', () => {
    const { code, map } = compileText(ORIGINAL, 'src/greeting.ts')
    const found = originalPositionFor(new TraceMap(map as never), placeOf(code, '`hello'))
    expect(found).toMatchObject({ source: 'greeting.ts', ...placeOf(ORIGINAL, '`hello') })
  })
})

test('a file with errors becomes a module that throws them, with its exports still declared', () => {
  const { code, diagnostics } = compileText(ORIGINAL.replace('async greet', 'greet'), 'greeting.ts')
  expect(diagnostics.map(({ severity }) => severity)).toContain('error')
  expect(code).toContain('.compileErrors([')
  expect(code).toContain(diagnostics[0]!.code)
  expect(code).toContain('export class Greeting')
  expect(code.indexOf('compileErrors')).toBeLessThan(code.indexOf('class Greeting'))
})

test('a file without a process comes back as it is', () => {
  const source = 'export const answer = 42 // nothing of ours\n'
  expect(compileText(source, 'answer.ts')).toEqual({ code: source, map: undefined, diagnostics: [] })
})
