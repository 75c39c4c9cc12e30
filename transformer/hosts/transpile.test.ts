import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { formatDiagnostic } from './format-diagnostic.ts'
import { transpile } from './transpile.ts'

const PROCESS = `import { CatgaProcess, ProcessStep } from 'catga'
@CatgaProcess()
export class P {
  async execute(n: number): Promise<number> {
    return this.double(n)
  }
  @ProcessStep()
  async double(n: number): Promise<number> {
    return n * 2
  }
}
`

describe('transpile', () => {
  test('compiles a process and hands its map over beside the code', () => {
    const { code, map, diagnostics } = transpile(PROCESS, 'src/p.ts', { ts })
    expect(diagnostics).toEqual([])
    expect(code).toContain('this.double(...$s.call(0, [n]))')
    expect(code).not.toContain('sourceMappingURL')
    expect(JSON.parse(map ?? '')).toMatchObject({ version: 3, sources: ['p.ts'], sourcesContent: [PROCESS] })
  })

  test('puts the map into the code where the options say so', () => {
    const { code, map } = transpile(PROCESS, 'p.ts', { ts, compilerOptions: { inlineSourceMap: true } })
    expect(code).toMatch(/\/\/# sourceMappingURL=data:application\/json;base64,\S+\s*$/)
    expect(map).toBeUndefined()
  })

  test.each([
    ['a file that does not name the package', 'export const x: number = 1 // CatgaProcess\n'],
    ['a file that only uses the package', `import { createApp } from 'catga'\nexport const app = createApp /* CatgaProcess */\n`],
    ['a file that names it in a comment', `// import { CatgaProcess } from 'catga'\nexport enum E { A }\n`],
  ])('leaves %s as TypeScript makes it', (_, source) => {
    const { code, diagnostics } = transpile(source, 'p.ts', { ts, compilerOptions: { sourceMap: false } })
    const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext }
    expect(code).toBe(ts.transpileModule(source, { fileName: 'p.ts', compilerOptions: options }).outputText)
    expect(diagnostics).toEqual([])
  })

  test('makes a module that throws of a file with errors, with its exports still there', () => {
    const source = PROCESS.replace('return this.double(n)', 'this.double(n)\n    return 1')
    const { code, diagnostics } = transpile(source, '/somewhere/p.ts', { ts })
    expect(diagnostics.map(({ code }) => code)).toEqual(['CATGA110'])
    expect(diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, source))[0]).toMatch(
      /^\/somewhere\/p\.ts\(5,5\): error CATGA110: .*this\.double\(/,
    )
    expect(code).toMatch(/^\$catga\.compileErrors\(\[\n\s+\{ code: 'CATGA110', message: .*, file: 'p\.ts', line: 5, column: 5 \}\n\]\);$/m)
    expect(code.indexOf('compileErrors')).toBeLessThan(code.indexOf('CatgaProcess()'))
    expect(code).toContain('P = class')
    expect(code).toMatch(/export \{ P \}/)
  })

  test('names the runtime so that no name of a broken file is taken', () => {
    const source = `${PROCESS.replace('return this.double(n)', 'this.double(n)\n    return 1')}export const $catga = 1, $catga1 = 2\n`
    expect(transpile(source, 'p.ts', { ts }).code).toContain("import * as $catga2 from 'catga/emitted'")
  })

  test('reports syntax errors and compiles nothing of ours', () => {
    const { code, diagnostics } = transpile(PROCESS.replace('async execute(', 'async execute(('), 'p.ts', { ts })
    expect(diagnostics[0]).toMatchObject({ code: expect.stringMatching(/^TS1\d{3}$/) as string, severity: 'error', fileName: 'p.ts' })
    expect(code).not.toContain('$catga')
  })

  test('takes decorators in the mode of the options', () => {
    const source = PROCESS.replaceAll('double', '#double')
    const legacy = transpile(source, 'p.ts', { ts, compilerOptions: { experimentalDecorators: true } })
    expect(legacy.diagnostics.map(({ code }) => code)).toEqual(['CATGA118'])
    expect(transpile(source, 'p.ts', { ts }).diagnostics).toEqual([])
  })

  test('counts positions as TypeScript does after a byte order mark', () => {
    const source = `\uFEFF${PROCESS.replace('return this.double(n)', 'this.double(n)\n    return 1')}`
    expect(transpile(source, 'p.ts', { ts }).code).toContain('line: 5, column: 5')
  })
})
