import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HostProject } from '../../support/host-project.ts'
import { HELPER, PROCESS, RANDOM_HELPER } from '../bundlers/greeting.ts'

interface Place {
  readonly line: number
  readonly column: number
}
interface Range {
  readonly start: Place
  readonly end: Place
}
type Numbered<Value> = Readonly<Record<string, Value>>

/** What coverage providers write as JSON for one file. */
interface FileCoverage {
  readonly statementMap: Numbered<Range>
  readonly fnMap: Numbered<{ readonly name: string; readonly loc: Range }>
  readonly branchMap: Numbered<{ readonly type: string; readonly loc: Range; readonly locations: readonly Range[] }>
  readonly s: Numbered<number>
  readonly f: Numbered<number>
  readonly b: Numbered<readonly number[]>
}

const CONFIG = `import catga from 'catga/vite'
import { defineConfig } from 'vitest/config'

const { PLUGIN, REPORT } = process.env
export default defineConfig({
  plugins: PLUGIN === 'none' ? [] : [catga()],
  test: { coverage: { enabled: REPORT !== undefined, provider: 'v8', include: ['src/*.process.ts'], reporter: ['json'], reportsDirectory: REPORT } },
})
`
const DECORATOR = /^ *@(?:CatgaProcess|ProcessStep)\(.*\)$/gm

let project: HostProject
beforeAll(async () => {
  project = await HostProject.create({ tools: ['vitest', 'vite', '@vitest/coverage-v8'] })
  project.copy(fileURLToPath(new URL('app', import.meta.url)), 'src')
  project.write('vitest.config.ts', CONFIG)
  decorators('standard')
}, 180_000)
afterAll(() => project?.[Symbol.dispose](), 60_000)

function decorators(mode: 'standard' | 'legacy'): void {
  project.write(
    'tsconfig.json',
    JSON.stringify({ compilerOptions: { target: 'ES2022', module: 'ESNext', experimentalDecorators: mode === 'legacy' } }),
  )
}

const vitest = (env: Readonly<Record<string, string>>) => project.run([project.command('vitest'), 'run'], { env })

async function coverage(report: string, env: Readonly<Record<string, string>>): Promise<FileCoverage> {
  const { code, output } = await vitest({ ENGINE: 'none', REPORT: report, ...env })
  if (code !== 0) throw new Error(output)
  const [only, ...others] = Object.values(JSON.parse(project.read(`${report}/coverage-final.json`)) as Record<string, FileCoverage>)
  if (only === undefined || others.length > 0) throw new Error(`Not one file is covered:\n${output}`)
  return only
}

/** Everything that is counted, by where it begins, with how often it ran. */
function counted({ statementMap, fnMap, branchMap, s, f, b }: FileCoverage) {
  const at = ({ start }: Range): string => `${start.line ?? ''}:${start.column ?? ''}`
  return {
    statements: Object.entries(statementMap)
      .map(([key, range]) => `${at(range)} ran ${s[key]}`)
      .sort(),
    functions: Object.entries(fnMap)
      .map(([key, { loc }]) => `${at(loc)} ran ${f[key]}`)
      .sort(),
    branches: Object.entries(branchMap)
      .map(([key, { type, loc, locations }]) => `${type} ${at(loc)}: ${locations.map(at).join(', ')} ran ${b[key]?.join(', ')}`)
      .sort(),
  }
}

describe('Vitest with catga/vite', () => {
  test('runs a TypeScript test of a process, plainly and on an engine', async () => {
    const { code, output } = await vitest({})
    expect(code, output).toBe(0)
    expect(output).toMatch(/Tests +2 passed/)
  })

  test('counts what it counts without the plugin, and nothing else', async () => {
    decorators('legacy')
    // Oxc lowers legacy decorators, and uncompiled ours do nothing: the same file as written.
    const uncompiled = counted(await coverage('uncompiled', { PLUGIN: 'none' }))
    const compiled = counted(await coverage('compiled', {}))
    expect(uncompiled.branches.length).toBeGreaterThan(10)
    expect(compiled.branches).toEqual(uncompiled.branches)
    expect(compiled.functions).toEqual(uncompiled.functions)
    // Lowered decorators are statements that Oxc writes, and the decorated class is one.
    const lines = project.read('src/order.process.ts').split('\n')
    const isLowered = (statement: string): boolean => /^ *@|^export class/.test(lines[Number.parseInt(statement, 10) - 1] ?? '')
    const arrow = compiled.statements.filter(isLowered)
    expect(arrow).toEqual(['12:53 ran 0'])
    expect(compiled.statements).toEqual(uncompiled.statements.filter((statement) => !isLowered(statement) || arrow.includes(statement)))
  })

  test('counts the same with standard decorators as without any', async () => {
    decorators('standard')
    const source = project.read('src/order.process.ts')
    const compiled = counted(await coverage('standard', {}))
    project.write(
      'src/order.process.ts',
      source.replaceAll(DECORATOR, (text) => ' '.repeat(text.length)),
    )
    const plain = counted(await coverage('plain', { PLUGIN: 'none' }))
    project.write('src/order.process.ts', source)
    // The function of the option `id`, which is gone with the decorator.
    const id = (line: string): boolean => line.startsWith('12:')
    expect(compiled.branches).toEqual(plain.branches)
    expect(compiled.statements.filter((line) => !id(line))).toEqual(plain.statements)
    expect(compiled.functions.filter((line) => !id(line))).toEqual(plain.functions)
  })

  test('shows a mistake where it is', async () => {
    const source = project.read('src/order.process.ts')
    project.write('src/order.process.ts', source.replace("await this.pack('one')", "this.pack('one')"))
    const { code, output } = await vitest({})
    project.write('src/order.process.ts', source)
    expect(code).toBe(1)
    expect(output).toContain('CATGA110: Nothing awaits "this.pack(…)"')
    expect(output).toMatch(/> 39 \| +this\.pack\('one'\)/)
  })

  test('takes no process from its cache on disk: a helper or the project may have changed', async () => {
    const config =
      "import catga from 'catga/vite'\nexport default { plugins: [catga()], test: { experimental: { fsModuleCache: true } } }\n"
    project.write('cached/vitest.config.ts', config)
    project.write('cached/helper.ts', HELPER)
    project.write('cached/greeting.process.ts', PROCESS)
    project.write(
      'cached/greeting.test.ts',
      `import { expect, test } from 'vitest'
import { Greeting } from './greeting.process.ts'

test('greets', async () => {
  expect(await new Greeting().execute('ada')).toBe('HELLO ADA')
})
`,
    )
    const run = () => project.run([project.command('vitest'), 'run', '--root', 'cached'])
    expect(await run()).toMatchObject({ code: 0 })
    project.write('cached/helper.ts', RANDOM_HELPER)
    const { code, output } = await run()
    expect(code, output).toBe(1)
    expect(output).toContain('CATGA122')
  })
})
