import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NodeProcess, runNode } from '../support/child-process.ts'
import { commandOf } from '../support/package-root.ts'
import { InstalledPackage } from './installed-package.ts'

let installed: InstalledPackage
beforeAll(async () => {
  installed = await InstalledPackage.install()
}, 180_000)
afterAll(() => installed?.[Symbol.dispose]())

/** `register` exports nothing, the others load swc at once; tested in `e2e/hosts`. */
const NOT_LOADED = new Set(['./register', './swc', './swc/patch'])
const SUBPATHS = [
  '.',
  './emitted',
  './transformer',
  './register',
  './sqlite',
  './swc',
  './swc/patch',
  './testing',
  './vite',
  './rollup',
  './rolldown',
  './webpack',
  './rspack',
  './esbuild',
  './loader',
  './jest',
  './ts-jest',
  './nest',
  './bun',
  './typescript7',
]
const LOADED = SUBPATHS.filter((subpath) => !NOT_LOADED.has(subpath))
const specifier = (subpath: string): string => join('catga', subpath).replaceAll('\\', '/')

/** Node 20 warns of `require` of ES modules and of JSON modules. */
const withoutWarnings = (output: string): readonly string[] => output.split('\n').filter((line) => !line.startsWith('('))

describe('the tarball', () => {
  test('holds compiled code, its types and maps, the pages of the diagnostics, and what npm always takes', () => {
    const intended =
      /^(?:dist\/(?:runtime|transformer|cli)\/.*\.(?:js|js\.map|d\.ts)|docs\/(?:diagnostics|hosts)\/[\w-]+\.md|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/
    expect(installed.packedFiles.filter((path) => !intended.test(path))).toEqual([])
    expect(installed.packedFiles.filter((path) => /\.test(?:-support)?\./.test(path))).toEqual([])
    for (const path of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'dist/cli/main.js'])
      expect(installed.packedFiles).toContain(path)
  })

  test('exports what this test knows of, each with types', () => {
    const { exports } = JSON.parse(readFileSync(installed.file('node_modules', 'catga', 'package.json'), 'utf8')) as {
      exports: Record<string, string | { types: string; default: string }>
    }
    expect(Object.keys(exports)).toEqual([...SUBPATHS, './package.json'])
    for (const subpath of SUBPATHS) {
      const conditions = exports[subpath] as { types: string; default: string }
      for (const target of Object.values(conditions)) expect(existsSync(installed.file('node_modules', 'catga', target)), target).toBe(true)
    }
  })
})

describe('every entry', () => {
  test('is found by import', async () => {
    const program = LOADED.map((subpath) => `console.log(Object.keys(await import('${specifier(subpath)}')).length > 0)`).join('\n')
    const json = `console.log((await import('catga/package.json', { with: { type: 'json' } })).default.name)`
    const { code, output } = await installed.evaluate('module', `${program}\n${json}`)
    expect(code, output).toBe(0)
    expect(withoutWarnings(output)).toEqual([...LOADED.map(() => 'true'), 'catga'])
  })

  test('is found by require', async () => {
    const program = LOADED.map((subpath) => `console.log(Object.keys(require('${specifier(subpath)}')).length > 0)`).join('\n')
    const { code, output } = await installed.evaluate('commonjs', `${program}\nconsole.log(require('catga/package.json').name)`)
    expect(code, output).toBe(0)
    expect(withoutWarnings(output)).toEqual([...LOADED.map(() => 'true'), 'catga'])
  })

  test('works in a program that is given on the command line', async () => {
    const program = `
      import { createClient } from 'catga'
      import { sqliteJournal } from 'catga/sqlite'
      const journal = sqliteJournal('command-line.db')
      console.log(await createClient({ journal }).get({ process: 'order', id: 'none' }))
      await journal[Symbol.asyncDispose]()`
    const { code, output } = await runNode(['--input-type=module', '--eval', program], { cwd: installed.file() })
    expect({ code, output }).toEqual({ code: 0, output: 'undefined' })
  })

  const compilers = [
    { version: '5.9', tsc: commandOf('typescript5', 'tsc') },
    { version: '6', tsc: commandOf('typescript', 'tsc') },
    { version: '7', tsc: commandOf('typescript7', 'tsc') },
  ]
  const resolutions = [
    { name: 'node16', options: { module: 'Node16', moduleResolution: 'Node16' } },
    { name: 'nodenext', options: { module: 'NodeNext', moduleResolution: 'NodeNext' } },
    { name: 'bundler', options: { module: 'ESNext', moduleResolution: 'Bundler' } },
  ]
  const cases = compilers.flatMap(({ version, tsc }) => resolutions.map(({ name, options }) => ({ version, tsc, name, options })))

  test.each(cases)('has types for TypeScript $version under $name', { timeout: 60_000 }, async ({ version, tsc, name, options }) => {
    const project = installed.project(`types-${version}-${name}`, 'module', ['public-types.ts'], { ...options, noEmit: true })
    const { code, output } = await runNode([tsc, '-p', project], { cwd: project })
    expect({ code, output }).toEqual({ code: 0, output: '' })
  })
})

describe.each([
  { what: 'ES modules', type: 'module', emits: /^import .* from ['"]catga\/emitted['"]/m },
  { what: 'CommonJS', type: 'commonjs', emits: /require\(['"]catga\/emitted['"]\)/ },
] as const)('a project compiled to $what', ({ type, emits }) => {
  test('runs, is killed in a step, and goes on where its journal ends', { timeout: 60_000 }, async () => {
    const project = installed.project(`orders-${type}`, type, ['main.ts', 'order-process.ts'], {
      module: 'NodeNext',
      skipLibCheck: true,
      plugins: [{ transform: 'catga/transformer' }],
    })
    await installed.compile(project)
    expect(readFileSync(join(project, 'dist', 'order-process.js'), 'utf8')).toMatch(emits)

    const main = [join(project, 'dist', 'main.js'), join(project, 'orders.db')]
    await using first = new NodeProcess(main)
    await first.line(/^charge A-1$/)
    expect(first.output).toContain('reserve A-1')
    expect(await first.kill()).toMatchObject({ signal: 'SIGKILL' })

    const { code, output } = await runNode([...main, 'release'])
    expect(code, output).toBe(0)
    expect(output).toContain('result: R-A-1 P-40')
    expect(output).toContain('charge A-1')
    expect(output).not.toContain('reserve A-1')

    const cli = await runNode([installed.file('node_modules', '.bin', 'catga'), 'ps', '--store', join(project, 'orders.db')])
    expect(cli.output).toContain('A-1')
  })
})
