import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileProject, type CompiledProject } from '../../support/compiled-project.ts'
import { type Built, type BuildOptions, type Bundler, BUNDLERS, BundlerProject } from './bundler-project.ts'
import { manifestIn } from './manifest-in.ts'
import { writePackages, writeUser } from './packages.ts'

let project: BundlerProject
let compiled: CompiledProject
beforeAll(async () => {
  project = await BundlerProject.create()
  compiled = await compileProject(fileURLToPath(new URL('app', import.meta.url)))
  const { host } = project
  const source = host.read('undecorated/order.process.ts')
  host.write(
    'undecorated/broken.process.ts',
    source.replace('await this.collapse', 'this.collapse').replace('amount: total', 'now: fetch(""), amount: total'),
  )
  host.write('undecorated/broken.ts', `import './broken.process.ts'\n`)
  const byTspc = readFileSync(compiled.output('order.process.ts'), 'utf8')
  host.write('undecorated/compiled.process.js', byTspc.replaceAll(/(\.\/(?:price|shop))\.js/g, '$1.ts'))
  host.write('undecorated/compiled.ts', `import { OrderProcess } from './compiled.process.js'\nconsole.log(OrderProcess)\n`)
  writePackages(host)
  writeUser(host, 'undecorated/source-lib.ts', { InTypeScript: 'source-lib', InJavaScript: 'source-lib/decorated.js' })
  writeUser(host, 'undecorated/lowered.ts', { Lowered: '@lowered/esm' })
  writeUser(host, 'undecorated/commonjs.ts', { Lowered: '@lowered/commonjs' })
}, 180_000)
afterAll(() => {
  project?.[Symbol.dispose]()
  compiled?.[Symbol.dispose]()
}, 60_000)

const folder = 'undecorated'
const line = (text: string): number => compiled.line('order.process.ts', text)
const RESULT = {
  done: { reservation: '2 reserved in attempt 1', packed: ['tea packed!', 'cup packed!'], amount: 12 },
  released: ['2 reserved in attempt 1'],
  greeting: 'hello ada',
}

describe.each(BUNDLERS)('%s', (bundler) => {
  /** Oxc, in these two, leaves standard decorators to Node.js, which cannot read them yet; ours are gone by then. */
  const leavesDecorators = bundler === 'vite' || bundler === 'rolldown'
  const built = new Map<string, Built>()
  const nameOf = (build: string): string => `${bundler}-${build}`
  const output = (build: string, file: string): string => join(project.output(nameOf(build)), file)
  const run = (build: string, file: string) =>
    project.host.run(['--enable-source-maps', output(build, file), project.host.file(`${nameOf(build)}.db`)])
  beforeAll(async () => {
    const builds: readonly BuildOptions[] = [
      { name: 'standard', entries: ['main', 'plain'], ...(leavesDecorators && { folder }) },
      { name: 'legacy', entries: ['main'], decorators: 'legacy', minify: true },
      { name: 'without', entries: ['plain'], catga: 0, ...(leavesDecorators && { folder }) },
      { name: 'bundled', entries: ['memory'], bundled: true, folder },
      { name: 'twice', entries: ['memory', 'compiled'], catga: 2, folder },
      { name: 'broken', entries: ['broken'], catga: 2, folder },
      { name: 'source-lib', entries: ['source-lib'], folder },
      { name: 'lowered', entries: ['lowered'], folder },
      { name: 'commonjs', entries: ['commonjs'], folder },
      { name: 'outside', entries: ['commonjs'], folder, outside: ['@lowered/commonjs'] },
    ]
    const results = await project.build(
      bundler,
      builds.map((build) => ({ ...build, name: nameOf(build.name) })),
    )
    for (const [name, result] of results) built.set(name.slice(bundler.length + 1), result)
  }, 120_000)

  test.each([
    ['standard', 'OrderProcess'],
    ['legacy', '\\w+'],
  ])('runs on both journals with %s decorators, and stacks name the source', async (build, className) => {
    expect(built.get(build)?.errors).toEqual([])
    const { code, output } = await run(build, 'main.mjs')
    expect(code, output).toBe(0)
    const { memory, sqlite, traced } = JSON.parse(output) as Record<string, Record<string, unknown>>
    expect(memory).toMatchObject(RESULT)
    expect(sqlite).toMatchObject(RESULT)
    expect(traced).toEqual(leavesDecorators && build === 'standard' ? [] : ['greet'])
    const [, first] = String(memory?.['stack']).split('\n')
    expect(first).toMatch(new RegExp(`at ${className}\\.collapse \\(\\S*order\\.process\\.ts:${line('the shelf collapsed')}:\\d+\\)`))
  })

  test('leaves files without a process as they are', () => {
    const withPlugin = readFileSync(output('standard', 'plain.mjs'), 'utf8')
    expect(withPlugin).toContain('plain ')
    expect(withPlugin).toBe(readFileSync(output('without', 'plain.mjs'), 'utf8'))
    expect(readFileSync(output('standard', 'plain.mjs.map'), 'utf8')).toBe(readFileSync(output('without', 'plain.mjs.map'), 'utf8'))
  })

  test('makes the very program that tspc makes', () => {
    const expected = manifestIn(readFileSync(compiled.output('order.process.ts'), 'utf8'), 'order')
    expect(expected).toMatchObject({ process: 'order', shape: expect.stringMatching(/^[0-9a-f]{16}$/) as string })
    expect(manifestIn(readFileSync(output('standard', 'main.mjs'), 'utf8'), 'order')).toEqual(expected)
  })

  test('runs with Catga in the bundle', async () => {
    expect(built.get('bundled')?.errors).toEqual([])
    const { code, output: printed } = await run('bundled', 'memory.mjs')
    expect(code, printed).toBe(0)
    expect(JSON.parse(printed)).toMatchObject({ memory: RESULT })
    expect(readFileSync(output('bundled', 'memory.mjs'), 'utf8')).not.toMatch(/from ?["']catga/)
  })

  test('compiles once where the plugin is listed twice, and leaves what tspc compiled', async () => {
    expect(built.get('twice')).toMatchObject({ errors: [], warnings: [] })
    const { code, output: printed } = await run('twice', 'memory.mjs')
    expect(code, printed).toBe(0)
    expect(JSON.parse(printed)).toMatchObject({ memory: RESULT })
    const text = readFileSync(output('twice', 'compiled.mjs'), 'utf8') + readFileSync(output('twice', 'memory.mjs'), 'utf8')
    expect(text.match(/await this\.reserve\(\.\.\.\$s\.call\(/g)).toHaveLength(2)
    expect(await run('twice', 'compiled.mjs')).toMatchObject({ code: 0, output: '[class OrderProcess]' })
  })

  test('fails with the bundler’s own errors', () => {
    const { errors = [] } = built.get('broken') ?? {}
    expect(places(bundler, errors)).toEqual([
      { code: 'CATGA110', file: 'broken.process.ts', line: 27, column: 17 },
      ...(errors.length > 1 ? [{ code: 'CATGA113', file: 'broken.process.ts', line: 28, column: 40 }] : []),
    ])
    const text = errors.map(({ message, frame = '', loc }) => message + frame + JSON.stringify(loc)).join('\n')
    expect(text).toContain('Nothing awaits "this.collapse(…)"')
    expect(text).toContain(`if (broken) this.collapse('😀')`)
    expect(text).toContain('Process code uses "fetch"')
    expect(text).toContain('now: fetch(')
  })

  test('compiles processes that packages ship in source', async () => {
    expect(built.get('source-lib')?.errors).toEqual([])
    expect(await run('source-lib', 'source-lib.mjs')).toMatchObject({ code: 0, output: 'InTypeScript greets ada\nInJavaScript greets ada' })
  })

  test.each([
    ['lowered', '@lowered/esm'],
    ['commonjs', '@lowered/commonjs'],
  ])('refuses processes whose decorators a package has lowered: %s', (build, name) => {
    const [error, ...others] = built.get(build)?.errors ?? []
    expect(error?.message).toContain('CATGA121: The decorators of this process were lowered before Catga saw them')
    expect(error?.message).toContain(`Package "${name}" ships it like that: it has to be built with Catga`)
    expect(others).toEqual([])
  })

  test('leaves processes outside the bundle to the engine, which refuses them', async () => {
    expect(built.get('outside')?.errors).toEqual([])
    const { code, output: printed } = await run('outside', 'commonjs.mjs')
    expect(code).toBe(1)
    expect(printed).toMatch(/NotCompiledError: .*Lowered/)
  })
})

/** Where errors say they are, with columns from 1. */
function places(bundler: Bundler, errors: Built['errors']): readonly object[] {
  return errors.map(({ message, loc, file }) => {
    const code = /CATGA\d+/.exec(message)?.[0]
    // webpack counts columns from 0 in `loc`, Rspack from 1; the others give an object and count from 0.
    const [, line, column] = typeof loc === 'string' ? (/^(\d+):(\d+)-/.exec(loc) ?? []) : [undefined, at(loc, 'line'), at(loc, 'column')]
    const path = file ?? String((loc as { file?: string }).file)
    return { code, file: path.split(/[\\/]/).at(-1), line: Number(line), column: Number(column) + (bundler === 'rspack' ? 0 : 1) }
  })
}

function at(loc: unknown, key: 'line' | 'column'): number | undefined {
  return (loc as Partial<Record<'line' | 'column', number>>)[key]
}
