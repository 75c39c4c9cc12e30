/** A private undo method, which only a `compensate` option names, is in use, whatever `noUnusedLocals` thinks. */
import { expect, test } from 'vitest'
import type { CompilerOptions } from './support/tspc-project.ts'
import { TspcProject } from './support/tspc-project.ts'
import type { Toolchain } from './support/toolchain.ts'
import { toolchains } from './support/toolchain.ts'

const [six, five] = toolchains

const PROCESS = `import { CatgaProcess, ProcessStep } from 'catga'
@CatgaProcess()
export class Booking {
  async execute(id: string): Promise<string> {
    return (await this.reserve(id)) + (await this.#charge(id))
  }
  @ProcessStep({ compensate: 'release' })
  private async reserve(id: string): Promise<string> {
    return id
  }
  private async release(_reservation: string): Promise<void> {}
  @ProcessStep({ compensate: '#refund' })
  async #charge(id: string): Promise<string> {
    return id
  }
  async #refund(_payment: string): Promise<void> {}
}
`
const UNUSED = PROCESS.replace('  @ProcessStep({ compensate', '  private forgotten(): void {}\n$&')
const FORGOTTEN = /^src\/booking\.ts\(7,11\): error TS6133: 'forgotten' is declared but its value is never read\.\n$/
const EARLY = { plugins: [{ transform: 'catga/transformer', transformProgram: true }] }

function bookingProject(toolchain: Toolchain, options: CompilerOptions, source = PROCESS): TspcProject {
  const project = new TspcProject(toolchain)
  project.write('src/booking.ts', source)
  project.configure({ noUnusedLocals: true, ...options })
  return project
}

interface Mode {
  readonly toolchain: Toolchain
  readonly args: readonly string[]
  readonly options: CompilerOptions
}

const modes: readonly Mode[] = [
  { toolchain: six, args: [], options: {} },
  { toolchain: five, args: [], options: { noEmitOnError: true } },
  { toolchain: six, args: ['--noEmit'], options: {} },
  { toolchain: five, args: ['--noEmit'], options: { ...EARLY, incremental: true } },
  { toolchain: six, args: [], options: { ...EARLY, incremental: true, noEmitOnError: true } },
  { toolchain: five, args: ['-b'], options: EARLY },
  { toolchain: six, args: ['-b'], options: { ...EARLY, composite: true, noEmitOnError: true } },
]

test.each(modes)('is no error: $toolchain.name, tspc $args with $options', async ({ toolchain, args, options }) => {
  using project = bookingProject(toolchain, options)
  expect(await project.tspc(...args)).toEqual({ code: 0, output: '' })
  if (args[0] !== '--noEmit') expect(project.read('out/booking.js')).toContain('$catga.step(this, $m, 0)')
  if (!('plugins' in options)) return
  // Again, from what the build info remembers.
  expect(await project.tspc(...args)).toEqual({ code: 0, output: '' })
})

test.each([
  { toolchain: six, args: [], options: {} },
  { toolchain: five, args: ['-b'], options: EARLY },
])('reports members that nothing uses as before: tspc $args with $options', async ({ toolchain, args, options }) => {
  using project = bookingProject(toolchain, options, UNUSED)
  const { code, output } = await project.tspc(...args)
  expect(output).toMatch(FORGOTTEN)
  expect(code).not.toBe(0)
})

test.each(toolchains)('says what to do where the compiler keeps its list from plugins that come late: $name', async (toolchain) => {
  using project = bookingProject(toolchain, {})
  const { code, output } = await project.tspc('-b')
  expect(code).not.toBe(0)
  expect(output).toMatch(/^src\/booking\.ts\(11,17\): error TS6133: 'release' .* undoes a step: .*"transformProgram": true/m)
  expect(output.match(/"transformProgram": true/g)).toHaveLength(2)
})
