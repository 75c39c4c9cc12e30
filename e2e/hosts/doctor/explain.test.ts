/** `catga explain` of the packed package where no TypeScript is installed, or another. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChildEnd } from '../../support/child-process.ts'
import { HostProject } from '../../support/host-project.ts'
import { ORDER, PRICE } from '../typescript7/sources.ts'

const CALL = 'this.charge(...$s.call(0, [order]))'

interface Explained {
  readonly host: string
  readonly decorators: string
  readonly emitted: string
  readonly lines: readonly { readonly line: number; readonly emitted: readonly string[] }[]
  readonly diagnostics: readonly object[]
}

async function projectWith(...tools: readonly string[]): Promise<HostProject> {
  const project = await HostProject.create({ tools })
  project.write('src/order.process.ts', ORDER)
  project.write('src/price.ts', PRICE)
  return project
}

const explain = (project: HostProject, ...args: readonly string[]): Promise<ChildEnd> =>
  project.run([project.file('node_modules', 'catga', 'dist', 'cli', 'main.js'), 'explain', ...args])

async function explained(project: HostProject, ...args: readonly string[]): Promise<Explained> {
  const { code, output } = await explain(project, ...args, '--json')
  expect({ code, output }).toMatchObject({ code: 0 })
  return JSON.parse(output) as Explained
}

describe('with everything installed', () => {
  let project: HostProject
  beforeAll(async () => {
    project = await projectWith('typescript', 'typescript7=typescript71', '@swc/core', 'esbuild', 'oxc-transform')
    project.write('src/view.tsx', ORDER.replace('return { paid, parcels }', 'return <p>{paid}</p>'))
    project.write('src/module.mts', ORDER)
    project.write(
      'src/plain.js',
      ORDER.replaceAll(
        /: (?:Promise<.*>|Order|string|number)(?= [{=]|\)|,)|private |protected |, type Order|<Method.*Method =>/g,
        '',
      ).replace(/^const Traced.*$/m, 'const Traced = (method) => method'),
    )
  }, 180_000)
  afterAll(() => project?.[Symbol.dispose]())

  test.each(['tsc', 'swc', 'esbuild', 'oxc', 'tsc7', 'none'])('%s: shows what it makes of a step call, beside its line', async (host) => {
    const { lines, diagnostics, ...rest } = await explained(project, 'src/order.process.ts', '--host', host)
    expect(rest).toMatchObject({ host, decorators: 'standard' })
    expect(diagnostics).toEqual([])
    const pair = lines.find(({ line }) => line === ORDER.split('\n').findIndex((text) => text.includes('await this.charge')) + 1)
    expect(pair?.emitted.join('\n').replaceAll(/\s+/g, ' ')).toContain('this.charge(...$s.call(0, [')
    // Without a tool the types are still there.
    expect(rest.emitted.includes('order: Order')).toBe(host === 'none')
  })

  test.each(['src/view.tsx', 'src/module.mts', 'src/plain.js'])('takes %s', async (file) => {
    for (const host of ['tsc', 'swc', 'esbuild', 'oxc']) {
      expect((await explained(project, file, '--host', host)).emitted.replaceAll(/\[\s+order\s+\]/g, '[order]')).toContain(CALL)
    }
  })

  test('takes the mode of decorators from the project, and from .swcrc for swc', async () => {
    project.write('tsconfig.json', JSON.stringify({ compilerOptions: { experimentalDecorators: true } }))
    expect(await explained(project, 'src/price.ts')).toMatchObject({ host: 'tsc', decorators: 'legacy' })
    project.write('.swcrc', JSON.stringify({ jsc: { transform: { legacyDecorator: false } } }))
    expect(await explained(project, 'src/price.ts')).toMatchObject({ host: 'swc', decorators: 'standard' })
    expect(await explained(project, 'src/price.ts', '--host', 'esbuild')).toMatchObject({ decorators: 'legacy' })
    expect(await explained(project, 'src/price.ts', '--decorators', 'legacy')).toMatchObject({ host: 'swc', decorators: 'legacy' })
  })

  test('says which tool cannot read the file', async () => {
    project.write('src/wrong.ts', 'export const one: = 1\n')
    expect(await explain(project, 'src/wrong.ts', '--host', 'esbuild')).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^catga: esbuild cannot lower this file: /) as string,
    })
  })
})

test.each([
  [['@swc/core'], 'swc'],
  [['vite'], 'oxc'],
  [['typescript=typescript71'], 'tsc7'],
  [['typescript=typescript7'], 'none'],
])('with %j alone, that is taken', async (tools, host) => {
  using project = await projectWith(...tools)
  const found = await explained(project, 'src/order.process.ts')
  expect(found).toMatchObject({ host, diagnostics: [] })
  expect(found.emitted.replaceAll(/\[\s+order\s+\]/g, '[order]')).toContain(CALL)
  expect(await explain(project, 'src/order.process.ts', '--host', 'tsc')).toMatchObject({
    code: 1,
    output: expect.stringContaining('npm install --save-dev typescript@6') as string,
  })
})
