/** Our findings are errors of the compiler: with place and exit code, in every mode that could lose them. */
import { describe, expect, test } from 'vitest'
import type { Toolchain } from './support/toolchain.ts'
import { toolchains } from './support/toolchain.ts'
import { TspcProject } from './support/tspc-project.ts'

// The compilers differ little here, and each run takes a second: what is not asked of both is asked of one.
const [six, five] = toolchains

const BROKEN = `import { CatgaProcess, ProcessStep } from 'catga'
@CatgaProcess()
export class Broken {
  async execute(_input: null): Promise<void> {
    this.ship()
  }
  @ProcessStep()
  async ship(): Promise<void> {}
}
export const answer = 42
`
const MENDED = BROKEN.replace('this.ship()', 'await this.ship()')
const ERROR = /^src\/broken\.ts\(5,5\): error TS900110: CATGA110: /m

/** A project of two files, so that a finding in one can be told from a finding in both. */
function brokenProject(toolchain: Toolchain, type?: 'module' | 'commonjs'): TspcProject {
  const project = new TspcProject(toolchain, type)
  project.write('src/broken.ts', BROKEN)
  project.write('src/main.ts', `import { answer } from './broken.ts'\nexport const twice = answer * 2\n`)
  return project
}

function count(output: string): number {
  return output.split('CATGA110').length - 1
}

describe.each(toolchains)('$name', (toolchain) => {
  test('fails the build, names the place once, and emits a module that throws', async () => {
    using project = brokenProject(toolchain)
    project.configure()
    const { code, output } = await project.tspc()
    expect(output).toMatch(ERROR)
    expect({ code, times: count(output) }).toEqual({ code: 2, times: 1 })
    const loaded = await project.node('out/main.js')
    expect(loaded.code).toBe(1)
    expect(loaded.output).toMatch(/src\/broken\.ts[:(]5[:,]5/)
    expect(loaded.output).toContain('CATGA110')
  })

  test('reports under --noEmit', async () => {
    using project = brokenProject(toolchain)
    project.configure()
    const { code, output } = await project.tspc('--noEmit')
    expect(output).toMatch(ERROR)
    expect({ code, times: count(output), emitted: project.has('out') }).toEqual({ code: 2, times: 1, emitted: false })
  })
})

test('emits CommonJS modules that throw', async () => {
  using project = brokenProject(six, 'commonjs')
  project.configure()
  expect((await project.tspc()).code).toBe(2)
  const loaded = await project.node('-e', `try { require('./out/main.js') } catch (error) { console.log(error.name, error.message) }`)
  expect(loaded.output).toContain('CATGA110')
})

test('holds the emit back under noEmitOnError', async () => {
  using project = brokenProject(six)
  project.configure({ noEmitOnError: true })
  const { code, output } = await project.tspc()
  expect(output).toMatch(ERROR)
  expect({ code, times: count(output), emitted: project.has('out') }).toEqual({ code: 1, times: 1, emitted: false })
})

test('prints warnings without failing the build', async () => {
  using project = new TspcProject(six)
  project.write('src/warned.ts', MENDED.replace('await this.ship()', "if (process.env['FAST'] === undefined) await this.ship()"))
  project.configure({ types: ['node'], noEmitOnError: true })
  const { code, output } = await project.tspc()
  expect(output).toMatch(/^src\/warned\.ts\(5,9\): warning TS900129: CATGA129: /m)
  expect({ code, times: output.split('CATGA129').length - 1 }).toEqual({ code: 0, times: 1 })
  expect(project.read('out/warned.js')).toContain('$catga.step(this, $m, 0)')
})

describe('build info', () => {
  const modes = [
    { toolchain: six, mode: '-p', options: { incremental: true } },
    { toolchain: six, mode: '-p', options: { incremental: true, noEmitOnError: true } },
    { toolchain: six, mode: '-b', options: {} },
    { toolchain: six, mode: '-b', options: { incremental: true } },
    { toolchain: five, mode: '-b', options: { composite: true, noEmitOnError: true } },
  ]
  test.each(modes)(
    'reports again when nothing changed, and is silent once mended: tspc $mode with $options',
    async ({ toolchain, mode, options }) => {
      using project = brokenProject(toolchain)
      project.configure(options)
      for (const round of ['first', 'second']) {
        const { code, output } = await project.tspc(mode, '.')
        expect(output, round).toMatch(ERROR)
        expect({ code, times: count(output) }, round).toEqual({ code: 1, times: 1 })
      }
      project.write('src/broken.ts', MENDED)
      expect(await project.tspc(mode, '.')).toEqual({ code: 0, output: '' })
      expect((await project.node('out/main.js')).code).toBe(0)
    },
  )

  test('reports when a build that emits follows one that did not', async () => {
    using project = brokenProject(six)
    project.configure({ composite: true })
    await project.tspc('-b', '.', '--noEmit')
    const { code, output } = await project.tspc('-b', '.')
    expect(output).toMatch(ERROR)
    expect(code).toBe(1)
  })

  test.each([
    { toolchain: six, mode: '-p' },
    { toolchain: five, mode: '-b' },
  ])('reports under $mode --noEmit with composite, loaded as a program transformer', async ({ toolchain, mode }) => {
    using project = brokenProject(toolchain)
    project.configure({ composite: true, plugins: [{ transform: 'catga/transformer', transformProgram: true }] })
    for (const round of ['first', 'second']) {
      const { code, output } = await project.tspc(mode, '.', '--noEmit')
      expect(output, round).toMatch(ERROR)
      expect(code, round).not.toBe(0)
    }
    project.write('src/broken.ts', MENDED)
    expect(await project.tspc(mode, '.')).toEqual({ code: 0, output: '' })
    expect(project.read('out/broken.js')).toContain('$catga.step(this, $m, 0)')
  })
})
