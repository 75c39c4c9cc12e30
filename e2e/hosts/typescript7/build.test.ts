/** `catga build --tsc7` with the real compilers: 7.1 emits itself, 7.0 has swc emit. */
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { manifestIn } from '../bundlers/manifest-in.ts'
import { ORDER, PRICE } from './sources.ts'
import { Tsc7Project } from './tsc7-project.ts'

const RESULT = '{"paid":20,"parcels":["parcel of tea","parcel of cup"]}'
const BROKEN = ORDER.replace('const paid = await this.charge(order)', 'this.charge(order); const paid = 1')
const lineOf = (text: string): number => ORDER.split('\n').findIndex((line) => line.includes(text)) + 1

/** What `tspc` of TypeScript 6 makes of the same source. */
const six = new Map<string, string>()
beforeAll(async () => {
  using project = await Tsc7Project.create('typescript', 'ts-patch')
  project.configure({ plugins: [{ transform: 'catga/transformer' }] })
  expect(await project.host.run([project.host.command('ts-patch', 'tspc'), '-p', '.'])).toMatchObject({ code: 0, output: '' })
  for (const name of ['order.process.js', 'order.process.d.ts', 'price.d.ts', 'main.d.ts']) six.set(name, project.host.read(`dist/${name}`))
}, 180_000)

const ways = [
  { way: '7.1, which emits', tools: ['typescript=typescript71'], by: /with TypeScript 7\.1\.\S+ \(typescript\/sync\)\.$/m },
  {
    way: '7.0 and swc',
    tools: ['typescript=typescript7', '@swc/core'],
    by: /with swc 1\.\S+, because TypeScript 7\.0\.\d+ has no "typescript\/sync"\.$/m,
  },
]

describe.each(ways)('TypeScript $way', ({ tools, by }) => {
  let project: Tsc7Project
  beforeAll(async () => {
    project = await Tsc7Project.create(...tools)
  }, 180_000)
  afterAll(() => project?.[Symbol.dispose]())

  test('builds a program that runs, in memory and in SQLite, and fails at the source', async () => {
    const built = await project.build()
    expect(built).toMatchObject({ code: 0, output: expect.stringMatching(by) as string })
    const { code, output } = await project.host.run(['--enable-source-maps', 'dist/main.js'])
    expect({ code, output }).toMatchObject({ code: 0 })
    const lines = output.split('\n')
    expect(lines.filter((line) => line === RESULT)).toHaveLength(2)
    expect(lines.filter((line) => line === 'refunded A-2')).toHaveLength(2)
    const thrown = `order.process.ts:${lineOf('new NonRetryableError')}:`
    expect(lines.filter((line) => line.includes(thrown))).toHaveLength(2)
  })

  test('compiles as tspc of TypeScript 6 does: same manifest, same declarations', () => {
    const manifest = manifestIn(project.host.read('dist/order.process.js'), 'OrderProcess')
    expect(manifest).toEqual(manifestIn(six.get('order.process.js') ?? '', 'OrderProcess'))
    for (const name of ['order.process.d.ts', 'price.d.ts', 'main.d.ts']) expect(project.host.read(`dist/${name}`)).toBe(six.get(name))
  })

  test('names sources in maps as TypeScript does, beside the code or in it', async () => {
    project.configure({
      sourceMap: false,
      inlineSourceMap: true,
      inlineSources: true,
      outDir: 'inline',
      sourceRoot: 'https://maps.example/',
    })
    expect((await project.build()).code).toBe(0)
    const [, encoded = ''] =
      /sourceMappingURL=data:application\/json;base64,(\S+)\s*$/.exec(project.host.read('inline/order.process.js')) ?? []
    const map: unknown = JSON.parse(Buffer.from(encoded, 'base64').toString())
    expect(map).toMatchObject({ version: 3, sourceRoot: 'https://maps.example/', sourcesContent: [ORDER] })
    expect(project.output('inline/order.process.js.map')).toBeUndefined()
    expect(JSON.parse(project.host.read('dist/order.process.js.map'))).toMatchObject({
      file: 'order.process.js',
      sources: ['../src/order.process.ts'],
    })
    project.configure()
  })

  test('says type errors of the source where they are, and emits unless told not to', async () => {
    project.host.write('src/price.ts', `\uFEFF${PRICE.replace('items.length * 10', '/* 🚚 */ items')}`)
    project.configure({ outDir: 'wrong' })
    const built = await project.build()
    expect(built.code).toBe(1)
    expect(built.output).toMatch(/^src\/price\.ts\(13,3\): error TS2322: Type 'readonly string\[\]' is not assignable to type 'number'\./m)
    expect(built.output).toMatch(/^> 13 \| {3}return \/\* 🚚 \*\/ items\n {5}\| {3}\^+$/m)
    expect(built.output).toContain('1 error. Wrote ')
    expect(project.output('wrong/order.process.js')).toContain('$catga.step')
    project.configure({ outDir: 'nothing', noEmitOnError: true })
    expect(await project.build()).toMatchObject({ code: 1, output: expect.stringContaining('Nothing was written.') as string })
    expect(project.output('nothing/price.d.ts') ?? project.output('nothing/price.js')).toBeUndefined()
    project.host.write('src/price.ts', PRICE)
  })

  test('says mistakes in processes in the same list, and emits a module that throws them', async () => {
    project.host.write('src/order.process.ts', BROKEN)
    project.configure({ outDir: 'broken' })
    const { code, output } = await project.build('--json')
    expect(code).toBe(1)
    const { ok, projects } = JSON.parse(output) as { ok: boolean; projects: readonly { diagnostics: readonly object[] }[] }
    expect(ok).toBe(false)
    const place = { fileName: project.host.file('src', 'order.process.ts'), line: lineOf('await this.charge'), severity: 'error' }
    expect(projects[0]?.diagnostics).toContainEqual(expect.objectContaining({ code: 'CATGA110', ...place }))
    const run = await project.host.run(['broken/main.js'])
    expect(run.code).not.toBe(0)
    expect(run.output).toContain('CATGA110')
    project.host.write('src/order.process.ts', ORDER)
  })

  test('says what does not parse once, beside mistakes in other files, which it emits', async () => {
    project.host.write('src/order.process.ts', BROKEN)
    project.host.write('src/unfinished.ts', 'export const unfinished = (\n')
    project.configure({ outDir: 'unfinished' })
    const { code, output } = await project.build()
    expect(code).toBe(1)
    expect(output.match(/^src\/unfinished\.ts\(\d+,\d+\): error TS\d+: /gm)).toEqual([
      'src/unfinished.ts(1,28): error TS1109: ',
      'src/unfinished.ts(2,1): error TS1005: ',
    ])
    expect(output).toContain('error CATGA110: ')
    expect(output).not.toContain('Stack backtrace')
    expect(project.output('unfinished/order.process.js')).toContain('CATGA110')
    expect(project.output('unfinished/main.js')).toBeDefined()
    project.host.remove('src/unfinished.ts')
    project.host.write('src/order.process.ts', ORDER)
  })

  test('checks only, where that is asked for', async () => {
    project.configure({ outDir: 'checked' })
    expect(await project.build('--noEmit')).toMatchObject({
      code: 0,
      output: expect.stringMatching(/0 errors\. Nothing was written\.$/) as string,
    })
    expect(project.output('checked/main.js')).toBeUndefined()
  })

  test('builds referenced projects first, and refuses a circle', async () => {
    // Of another project there is a declaration only, and swc has no const enum to inline from it: TS2748.
    project.host.write('prices/src/price.ts', project.host.read('src/price.ts').replace('const enum', 'enum'))
    project.host.write('shop/src/order.process.ts', ORDER.replace('./price.ts', '../../prices/src/price.js'))
    const composite = { composite: true, rewriteRelativeImportExtensions: false }
    project.configureIn('prices', composite)
    project.configureIn('shop', composite, { references: [{ path: '../prices' }] })
    project.host.write('tsconfig.all.json', JSON.stringify({ files: [], references: [{ path: 'shop' }] }))
    const { output } = await project.build('-p', 'tsconfig.all.json', '--json')
    const { ok, projects } = JSON.parse(output) as { ok: boolean; projects: readonly { configFile: string; emitted: readonly string[] }[] }
    expect({ ok, order: projects.map(({ configFile }) => configFile) }).toEqual({
      ok: true,
      order: [project.host.file('prices', 'tsconfig.json'), project.host.file('shop', 'tsconfig.json')],
    })
    expect(projects[1]?.emitted.map((path) => path.replace(project.host.file('shop', 'dist'), '')).sort()).toEqual([
      '/order.process.d.ts',
      '/order.process.js',
      '/order.process.js.map',
    ])
    project.configureIn('prices', composite, { references: [{ path: '../shop' }] })
    const circle = await project.build('-p', 'shop')
    expect(circle.code).toBe(1)
    expect(circle.output).toContain(`shop/tsconfig.json → prices/tsconfig.json → shop/tsconfig.json`)
    for (const folder of ['prices', 'shop']) rmSync(project.host.file(folder), { recursive: true })
  })
})

describe('TypeScript 7.0', () => {
  let project: Tsc7Project
  beforeAll(async () => {
    project = await Tsc7Project.create('typescript=typescript7')
  }, 180_000)
  afterAll(() => project?.[Symbol.dispose]())

  test('checks untouched source: of a process it knows less than we in one point', async () => {
    const { output } = await project.host.run([project.host.command('typescript', 'tsc'), '--noEmit', '--pretty', 'false'])
    expect(output).toBe(
      `src/order.process.ts(${lineOf('async refund')},17): error TS6133: 'refund' is declared but its value is never read.`,
    )
    expect((await project.build('--noEmit')).code).toBe(0)
  })

  test('needs swc to emit, and says so', async () => {
    const { code, output } = await project.build()
    expect(code).toBe(1)
    expect(output).toMatch(/^catga: TypeScript 7\.0\.\d+ has no "typescript\/sync", so swc is to emit, .*npm install --save-dev @swc\/core/)
  })

  test.each([
    [['src'], /"src": with --tsc7 the tsconfig\.json says what is compiled/],
    [['--watch'], /--watch goes with --swc, not with --tsc7\./],
    [['--emit-with', 'babel'], /--emit-with is "babel": give one of typescript, swc\./],
    [['-p', 'tsconfig.none.json'], /There is no .*tsconfig\.none\.json/],
    [['--emit-with', 'typescript'], /install typescript@7\.1 or newer/],
    [['--typescript', 'typescript8'], /"typescript8" is not installed/],
  ])('refuses %j', async (args, message) => {
    const { code, output } = await project.build(...args)
    expect(code).toBeGreaterThan(0)
    expect(output).toMatch(message)
  })
})

test('names what swc cannot do as TypeScript does; refuses TypeScript 6', async () => {
  using project = await Tsc7Project.create('typescript=typescript7', '@swc/core')
  project.configure({ importHelpers: true, removeComments: true })
  const { output } = await project.build()
  expect(output).toContain('tsconfig.json: swc does not know importHelpers: ')
  expect(output).toContain('tsconfig.json: swc does not know removeComments: comments stay')
  using older = await Tsc7Project.create('typescript')
  expect(await older.build()).toMatchObject({
    code: 1,
    output: expect.stringMatching(/"typescript" is TypeScript 6\.\S+, and this needs 7\./) as string,
  })
})
