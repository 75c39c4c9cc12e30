/** `tspc --watch` reports our findings round after round, also when the file that has them did not change. */
import { expect, test } from 'vitest'
import { toolchains } from './support/toolchain.ts'
import { TspcProject } from './support/tspc-project.ts'

const PROCESS = `import { CatgaProcess, ProcessStep } from 'catga'
@CatgaProcess()
export class Watched {
  async execute(_input: null): Promise<void> {
    await this.ship()
  }
  @ProcessStep()
  async ship(): Promise<void> {}
}
`

test.each(toolchains)('watches: $name', async (toolchain) => {
  using project = new TspcProject(toolchain)
  project.write('src/watched.ts', PROCESS)
  project.write('src/other.ts', 'export const other = 1\n')
  project.configure()
  using watch = new Watch(project)

  expect(await watch.round()).toMatch(/Found 0 errors/)
  expect(project.read('out/watched.js')).toContain('$catga.step(this, $m, 0)')

  project.write('src/watched.ts', PROCESS.replace('await this.ship()', 'this.ship()'))
  const broken = await watch.round()
  expect(broken).toMatch(/src\/watched\.ts\(5,5\): error TS900110: CATGA110/)
  expect(broken).toMatch(/Found 1 error/)
  expect(project.read('out/watched.js')).toContain('$catga.compileErrors(')

  project.write('src/other.ts', 'export const other = 2\n')
  const unchanged = await watch.round()
  expect(unchanged).toMatch(/CATGA110/)
  expect(unchanged).toMatch(/Found 1 error/)

  project.write('src/watched.ts', PROCESS)
  expect(await watch.round()).toMatch(/Found 0 errors/)
  expect(project.read('out/watched.js')).toContain('$catga.step(this, $m, 0)')
})

test('keeps private undo methods in use, round after round', async () => {
  using project = new TspcProject(toolchains[0])
  const source = PROCESS.replace('@ProcessStep()', "private async takeBack(): Promise<void> {}\n  @ProcessStep({ compensate: 'takeBack' })")
  project.write('src/watched.ts', source)
  project.write('src/other.ts', 'export const other = 1\n')
  project.configure({ noUnusedLocals: true, plugins: [{ transform: 'catga/transformer', transformProgram: true }] })
  using watch = new Watch(project)
  expect(await watch.round()).toMatch(/Found 0 errors/)
  project.write('src/other.ts', 'export const other = 2\n')
  expect(await watch.round()).toMatch(/Found 0 errors/)
  project.write('src/watched.ts', source.replace('takeBack():', 'forgotten():'))
  expect(await watch.round()).toMatch(/TS6133: 'forgotten'/)
  project.write('src/watched.ts', source)
  expect(await watch.round()).toMatch(/Found 0 errors/)
  expect(project.read('out/watched.js')).toContain('$catga.step(this, $m, 0)')
})

/** A running `tspc --watch`. */
class Watch implements Disposable {
  readonly #child: ReturnType<TspcProject['spawn']>
  #output = ''
  #onOutput: (() => void) | undefined

  constructor(project: TspcProject) {
    this.#child = project.spawn([project.toolchain.tspc, '--watch', '--preserveWatchOutput', '--pretty', 'false'])
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString()
        this.#onOutput?.()
      })
    }
  }

  /** What the next compilation printed. */
  async round(): Promise<string> {
    for (;;) {
      const [, round, rest] = /^([\s\S]*?Found \d+ errors?\..*\n)([\s\S]*)$/.exec(this.#output) ?? []
      if (round !== undefined) {
        this.#output = rest ?? ''
        return round
      }
      await new Promise<void>((resolve) => (this.#onOutput = resolve))
    }
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL')
  }
}
