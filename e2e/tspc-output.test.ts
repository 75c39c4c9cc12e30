/** What the plugin leaves alone: declarations, files that are none of ours, and the compiler options of the user. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root, toolchains } from './support/toolchain.ts'
import { TspcProject } from './support/tspc-project.ts'

const fixtures = join(root, 'fixtures', 'compile')
const [six] = toolchains

/** Mentions everything the compiler looks for, and has nothing for it. */
const NOT_OURS = `#!/usr/bin/env node
// 'catga' CatgaProcess ProcessStep
import { type App, NonRetryableError as Fatal } from 'catga'
export const enum Colour { Red = 'red' }
export class Plain<T extends App> { /* kept */ constructor(readonly app?: T, readonly colour = Colour.Red) {} fail() { throw new Fatal('CatgaProcess') } }
`

const REBUILDING_PLUGIN = `
exports.default = (program, config, { ts }) => (context) => (file) => {
  const { factory } = context
  const visit = (node) => {
    if (ts.isStringLiteral(node) && node.text === 'blue') return factory.createParenthesizedExpression(node)
    const visited = ts.visitEachChild(node, visit, context)
    if (ts.isCallExpression(visited)) return factory.updateCallExpression(visited, visited.expression, visited.typeArguments, [...visited.arguments])
    if (ts.isBlock(visited)) return factory.updateBlock(visited, [...visited.statements])
    return visited
  }
  return ts.visitEachChild(file, visit, context)
}
`

const ONLY = `import { CatgaProcess, ProcessStep } from 'catga'
@CatgaProcess()
class Only {
  async execute(n: number): Promise<number> {
    return this.double(n)
  }
  @ProcessStep()
  async double(n: number): Promise<number> {
    return n * 2
  }
}
export = Only
`

function addSources(project: TspcProject): void {
  project.copy(join(root, 'fixtures', 'fixture.ts'), 'src/fixture.ts')
  for (const name of readdirSync(fixtures)) {
    if (name !== 'legacy-decorators') project.copy(join(fixtures, name, 'input.ts'), `src/compile/${name}/input.ts`)
  }
  project.write('src/not-ours.ts', NOT_OURS)
}

function filesOf(project: TspcProject, pattern: RegExp): Record<string, string> {
  const names = readdirSync(project.path('out'), { recursive: true, encoding: 'utf8' }).filter((name) => pattern.test(name))
  return Object.fromEntries(names.sort().map((name) => [name, project.read(join('out', name))]))
}

describe('the plugin', () => {
  test('leaves declarations and files of others byte for byte as they are', async () => {
    const outputs = []
    for (const plugins of [[], [{ transform: 'catga/transformer' }]]) {
      using project = new TspcProject(six)
      addSources(project)
      project.configure({
        plugins,
        declaration: true,
        declarationMap: true,
        sourceMap: true,
        types: ['node'],
        lib: ['ES2023', 'ESNext.Disposable'],
        allowUnreachableCode: true,
      })
      expect(await project.tspc()).toEqual({ code: 0, output: '' })
      outputs.push({
        declarations: filesOf(project, /\.d\.ts(\.map)?$/),
        others: filesOf(project, /^(not-ours|fixture)\.js(\.map)?$/),
        compiled: Object.keys(filesOf(project, /input\.js$/)).length,
      })
    }
    const [plain, compiled] = outputs
    expect(Object.keys(plain?.declarations ?? {}).length).toBeGreaterThan(50)
    expect(Object.keys(plain?.others ?? {}).length).toBe(4)
    expect(compiled).toEqual(plain)
  })

  test('keeps to strict module options', async () => {
    using project = new TspcProject(six)
    project.copy(join(root, 'fixtures', 'fixture.ts'), 'src/fixture.ts')
    project.copy(join(fixtures, 'imports', 'input.ts'), 'src/compile/imports/input.ts')
    project.configure({ verbatimModuleSyntax: true, isolatedModules: true, removeComments: true, inlineSourceMap: true, types: ['node'] })
    expect(await project.tspc()).toEqual({ code: 0, output: '' })
    const code = project.read('out/compile/imports/input.js')
    expect(code).toContain("import { NonRetryableError } from 'catga';")
    expect(code).toMatch(/^import \{\} from .*fixture\.js/m)
    expect(code.match(/catga\/emitted/g)).toHaveLength(1)
    expect((await project.node('--no-warnings', 'out/compile/imports/input.js')).code).toBe(0)
  })

  test('compiles a CommonJS module with export =', async () => {
    using project = new TspcProject(six, 'commonjs')
    project.write('src/process.ts', ONLY)
    project.configure({ types: [] })
    expect(await project.tspc()).toEqual({ code: 0, output: '' })
    const { output } = await project.node(
      '--no-warnings',
      '-e',
      "const Only = require('./out/process.js'); new Only().execute(4).then(console.log)",
    )
    expect(output).toBe('8\n')
  })

  test('works between other plugins', async () => {
    using project = new TspcProject(six)
    project.copy(join(root, 'fixtures', 'fixture.ts'), 'src/fixture.ts')
    project.copy(join(fixtures, 'compensation', 'input.ts'), 'src/input.ts')
    // Makes every node anew, as plugins that look at all of a file do, and wraps each string.
    project.write('rebuild.cjs', REBUILDING_PLUGIN)
    const rebuild = { transform: './rebuild.cjs' }
    project.configure({ types: ['node'], plugins: [rebuild, { transform: 'catga/transformer' }, rebuild] })
    expect(await project.tspc()).toEqual({ code: 0, output: '' })
    const code = project.read('out/input.js')
    expect(code).toContain("await this.bookRoom(...$s.call(0, [(('blue'))]))")
    expect(code).not.toMatch(/@|CatgaProcess/)
    const { output } = await project.node(
      '--no-warnings',
      '-e',
      "import('./out/input.js').then((m) => new m.Compensation([]).execute(false)).then(console.log)",
    )
    expect(output).toBe('room blue\n')
  })

  test.each(toolchains)('compiles once when it is listed twice: $name', async (toolchain) => {
    using project = new TspcProject(toolchain)
    project.copy(join(root, 'fixtures', 'fixture.ts'), 'src/fixture.ts')
    project.copy(join(fixtures, 'compensation', 'input.ts'), 'src/input.ts')
    project.write('rebuild.cjs', REBUILDING_PLUGIN)
    const catga = { transform: 'catga/transformer' }
    const rebuild = { transform: './rebuild.cjs' }
    const outputs = []
    for (const plugins of [
      [catga, rebuild],
      [catga, catga, rebuild],
      [catga, rebuild, catga],
      [{ ...catga, transformProgram: true }, catga, rebuild],
    ]) {
      project.configure({ types: ['node'], plugins })
      expect(await project.tspc()).toEqual({ code: 0, output: '' })
      outputs.push(project.read('out/input.js'))
    }
    expect(outputs[0]?.match(/catga\/emitted/g)).toHaveLength(1)
    expect(new Set(outputs).size).toBe(1)
  })

  test.each([{ type: 'checker' }, { type: 'config' }, { after: true }])(
    'refuses to be called as another kind of plugin: %o',
    async (entry) => {
      using project = new TspcProject(six)
      project.write('src/process.ts', ONLY)
      project.configure({ plugins: [{ transform: 'catga/transformer', ...entry }] })
      const { code, output } = await project.tspc()
      expect(output).toMatch(/without "(type|after)"/)
      expect(code).not.toBe(0)
    },
  )

  test('reports without type checking', async () => {
    using project = new TspcProject(six)
    project.write(
      'src/process.ts',
      `import { CatgaProcess } from 'catga'
@CatgaProcess()
export class Empty {}
`,
    )
    project.write('src/other.ts', 'export const other = 1\n')
    project.configure({ noCheck: true })
    const { code, output } = await project.tspc()
    expect(output).toMatch(/^src\/process\.ts\(\d+,\d+\): error TS900115: CATGA115/)
    expect({ code, times: output.split('CATGA115').length - 1 }).toEqual({ code: 2, times: 1 })
  })
})
