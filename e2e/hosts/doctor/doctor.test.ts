/** `catga doctor` of the packed package, on a project with the real tools installed. */
import { readdirSync, statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChildEnd } from '../../support/child-process.ts'
import { HostProject, type HostRunOptions, installedNodes } from '../../support/host-project.ts'
import { MAIN, ORDER, PRICE } from '../typescript7/sources.ts'

const PLUGIN = { transform: 'catga/transformer' }
const TSCONFIG = { compilerOptions: { module: 'NodeNext', sourceMap: true, outDir: 'dist', plugins: [PLUGIN] }, include: ['src'] }
/** A configuration that must not be run by who only looks. */
const VITE = `import { writeFileSync } from 'node:fs'\nimport catga from 'catga/vite'\nwriteFileSync('ran', '')\nexport default { plugins: [catga()] }\n`

let project: HostProject
const doctor = (args: readonly string[] = [], options?: HostRunOptions): Promise<ChildEnd> =>
  project.run([project.file('node_modules', 'catga', 'dist', 'cli', 'main.js'), 'doctor', ...args], options)
const manifest = (build: string): void =>
  project.write('package.json', JSON.stringify({ name: 'orders', type: 'module', scripts: { build }, private: true }))

beforeAll(async () => {
  project = await HostProject.create({ tools: ['typescript', 'ts-patch', 'vite'] })
  project.write('src/order.process.ts', ORDER)
  project.write('src/price.ts', PRICE)
  project.write('src/main.ts', MAIN.replace('catga/sqlite', './sqlite.ts'))
  project.write('src/sqlite.ts', `export const sqliteJournal = (_file: string): never => { throw new Error('none') }\n`)
  project.write('tsconfig.json', JSON.stringify(TSCONFIG))
  project.write('vite.config.ts', VITE)
  manifest('tspc')
}, 180_000)
afterAll(() => project?.[Symbol.dispose]())

/** Names, sizes and times of all that is in the project's folder. */
function state(): readonly string[] {
  return readdirSync(project.path, { recursive: true })
    .filter((name) => !String(name).includes('node_modules'))
    .map((name) => `${String(name)} ${statSync(project.file(String(name))).mtimeMs}`)
}

describe('catga doctor', () => {
  test.runIf(installedNodes().includes('node22'))('has nothing to say of a sound project, and leaves it as it is', async () => {
    const before = state()
    const { code, output } = await doctor([], { node: 'node22' })
    expect({ code, output }).toEqual({ code: 0, output: 'Looked at 5 sources in 1 package: 1 file with processes, nothing wrong.' })
    expect(state()).toEqual(before)
  })

  test('fails for errors, and says what to do', async () => {
    project.write(
      'tsconfig.json',
      JSON.stringify({ ...TSCONFIG, compilerOptions: { ...TSCONFIG.compilerOptions, plugins: [PLUGIN, PLUGIN] } }),
    )
    manifest('tsc -p .')
    const { code, output } = await doctor()
    expect(code).toBe(1)
    const blocks = output.split('\n\n').map((block) => block.split('\n'))
    expect(blocks.map(([first]) => first)).toEqual([
      'error plugin-twice: tsconfig.json',
      'error script-uncompiled: package.json: scripts.build',
      'Looked at 5 sources in 1 package: 1 file with processes, 2 errors, 0 warnings.',
    ])
    expect(blocks[1]).toEqual([
      'error script-uncompiled: package.json: scripts.build',
      '  tsc runs no plugins and emits processes as they are.',
      '  → Write tspc, of ts-patch, with catga/transformer in "plugins"; or tsc --noEmit to check only.',
    ])
  })

  test('ends well with warnings alone, and gives programs the same', async () => {
    manifest('vite build')
    project.write('tsconfig.json', JSON.stringify({ ...TSCONFIG, compilerOptions: { ...TSCONFIG.compilerOptions, sourceMap: false } }))
    const { code, output } = await doctor(['.', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(output)).toMatchObject({
      processFiles: ['src/order.process.ts'],
      errors: 0,
      warnings: 1,
      findings: [{ code: 'source-maps-off', severity: 'warning', place: 'tsconfig.json' }],
    })
    expect(project.has('ran')).toBe(false)
  })

  test('says mistakes in processes where they are', async () => {
    project.write('tsconfig.json', JSON.stringify(TSCONFIG))
    project.write('src/order.process.ts', ORDER.replace('const paid = await this.charge(order)', 'this.charge(order); const paid = 1'))
    const { code, output } = await doctor()
    expect(code).toBe(1)
    expect(output).toMatch(/^error CATGA110: src\/order\.process\.ts:10:5\n {2}.*\n {2}→ See docs\/diagnostics\/CATGA110\.md/)
  })

  test('knows no folder that is not there', async () => {
    expect(await doctor(['nowhere'])).toMatchObject({ code: 3, output: 'catga: There is no folder "nowhere".' })
  })
})
