import { describe, expect, test } from 'vitest'
import ts from 'typescript'
import { createPaint } from './paint.ts'
import { inColumns, pairLines, stacked } from './side-by-side.ts'
import { sourceLinesOf } from './source-lines.ts'

const plain = createPaint('plain')

describe('sourceLinesOf', () => {
  test("agrees with TypeScript's own map of a file whose types go away", () => {
    const source = 'interface A { a: string }\n\nconst a: A = {\n  a: "x",\n}\nexport { a }\n'
    const { outputText, sourceMapText = '' } = ts.transpileModule(source, {
      compilerOptions: { sourceMap: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    })
    const emitted = outputText.split('\n')
    const lines = sourceLinesOf(sourceMapText)
    expect(emitted[0]).toBe('const a = {')
    expect(lines.slice(0, 4)).toEqual([2, 3, 4, 5])
  })

  test('knows lines that map to nothing', () => {
    expect(sourceLinesOf(JSON.stringify({ mappings: 'AAAA;;AACA' }))).toEqual([0, undefined, 1])
  })

  test('refuses what is no map', () => {
    expect(() => sourceLinesOf('{}')).toThrowError('The source map has no "mappings".')
  })
})

describe('pairLines', () => {
  const pairs = pairLines('one()\ntwo()\nthree()\n', 'import x\none(1)\ngenerated()\nthree()\n//# sourceMappingURL=x.map\n', [
    undefined,
    0,
    undefined,
    2,
  ])

  test('keeps generated lines with the line before them, and in order', () => {
    expect(pairs).toEqual([
      { line: 0, source: '', emitted: ['import x'] },
      { line: 1, source: 'one()', emitted: ['one(1)', 'generated()'] },
      { line: 2, source: 'two()', emitted: [] },
      { line: 3, source: 'three()', emitted: ['three()'] },
    ])
  })

  test('shows both sides in columns of one width', () => {
    expect(inColumns(pairs, 60, plain)).toEqual([
      '                               │ import x',
      '1  one()                       │ one(1)',
      '                               │ generated()',
      '2  two()                       │',
      '3  three()                     │ three()',
    ])
  })

  test('shows what became of a line below it, and nothing where nothing changed', () => {
    expect(stacked(pairs, plain)).toEqual(['  ▸import x', '1  one()', '  ▸one(1)', '  ▸generated()', '2  two()', '3  three()'])
  })

  test('breaks long lines at blanks and indents what goes on', () => {
    const [pair] = pairLines('const total = price * quantity + shipping', 'x', [0])
    expect(inColumns(pair === undefined ? [] : [pair], 60, plain)).toEqual([
      '1  const total = price *       │ x',
      '     quantity + shipping       │',
    ])
  })
})
