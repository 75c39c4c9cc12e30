/** No host looks away from a file that the analysis has something to say about. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mayHoldProcess, mayNameCatga, NAMES_CATGA } from '../parse/may-hold-process.ts'
import { BundledModules } from './bundlers/bundled-modules.ts'
import esbuildPlugin from './bundlers/esbuild.ts'
import { rollupPlugin, vitePlugin } from './bundlers/hooks-plugin.ts'
import { unplugin } from './bundlers/loader-plugin.ts'
import bun from './bun/index.ts'
import loader from './loader/index.ts'
import { FileCompiler } from './node/file-compiler.ts'
import { createTransforms } from './swc/create-transforms.ts'

/** Names the decorator and not the package. */
const OURS_BY_ANOTHER_WAY = `import { CatgaProcess } from './mine.ts'

@CatgaProcess()
export class Order {
  async execute() {}
}
`
const TOLD = /CATGA121/

let folder = ''
let path = ''

beforeAll(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'catga-filters-'))
  path = join(folder, 'order.ts')
  writeFileSync(path, OURS_BY_ANOTHER_WAY)
  writeFileSync(join(folder, 'mine.ts'), "export { CatgaProcess } from 'catga'\n")
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

test.each([
  ["import { CatgaProcess } from 'catga'"],
  ['import { ProcessStep } from "catga"'],
  ['@CatgaProcess() class A {}'],
  ['@mine.CatgaProcess() class A {}'],
  [OURS_BY_ANOTHER_WAY],
])('%j is let through by the filters that know text or bytes only', (source) => {
  expect(mayHoldProcess(source)).toBe(true)
  expect(NAMES_CATGA.test(source)).toBe(true)
  expect(mayNameCatga(Buffer.from(source))).toBe(true)
})

test('a file without our names is let through by none', () => {
  const source = "import { keyed } from 'other'\nexport const sleep = keyed"
  expect(mayHoldProcess(source)).toBe(false)
  expect(NAMES_CATGA.test(source)).toBe(false)
  expect(mayNameCatga(Buffer.from(source))).toBe(false)
})

test('bundlers', async () => {
  expect(new BundledModules({ root: folder }).compile(OURS_BY_ANOTHER_WAY, path)?.errors.map(({ code }) => code)).toEqual(['CATGA121'])
  const loaders = (['webpack', 'rspack'] as const).map((framework) => unplugin.raw({}, { framework } as Parameters<typeof unplugin.raw>[1]))
  for (const plugin of [rollupPlugin({}), vitePlugin({}), ...loaders]) {
    expect(plugin).toMatchObject({ transform: { filter: { code: NAMES_CATGA } } })
  }
  await expect(build({ entryPoints: [path], write: false, logLevel: 'silent', plugins: [esbuildPlugin()] })).rejects.toThrow(TOLD)
})

test('the Node loader', () => {
  expect(() => new FileCompiler(() => undefined).compile(path, 'process')).toThrow(TOLD)
})

test('swc', async () => {
  const { transformFile, transformFileSync } = createTransforms()
  expect(() => transformFileSync(path)).toThrow(TOLD)
  await expect(transformFile(path)).rejects.toThrow(TOLD)
})

test('the plain loader', () => {
  const told: string[] = []
  const context = { resourcePath: path, addDependency: () => {}, emitWarning: () => {}, callback: () => {} }
  loader.call({ ...context, emitError: ({ message }) => void told.push(message) }, OURS_BY_ANOTHER_WAY)
  expect(told.join()).toMatch(TOLD)
})

test('Bun', () => {
  bun.setup({ onLoad: (_filter, load) => expect(() => load({ path })).toThrow(TOLD) })
  expect.assertions(1)
})
