import { describe, expect, test } from 'vitest'
import { parseArguments } from '../arguments.ts'
import type { Outcome } from '../command.ts'
import { optionsOf } from '../help.ts'
import { createPaint } from '../paint.ts'
import { explain } from './explain.ts'

const SOURCE = `import { CatgaProcess, ProcessStep } from 'catga'

@CatgaProcess()
export class Greeting {
  async execute(name: string): Promise<string> {
    return this.greet(name)
  }

  @ProcessStep()
  private async greet(name: string): Promise<string> {
    return 'Hello ' + name
  }
}
`

async function explained(source: string, ...argv: readonly string[]): Promise<Outcome> {
  return explain.run({
    args: parseArguments(['greeting.ts', ...argv], optionsOf(explain), explain.operands),
    client: () => Promise.reject(new Error('explain opens no store')),
    readFile: () => Promise.resolve(source),
    now: () => 0,
  })
}

const text = (outcome: Outcome): string => outcome.text({ paint: createPaint('plain'), width: 120 }).join('\n')

describe('explain', () => {
  test('shows a method beside what the compiler makes of it', async () => {
    const outcome = await explained(SOURCE, '--method', 'execute')
    expect(outcome.exitCode).toBe(0)
    const lines = text(outcome).split('\n')
    expect(lines[0]).toMatch(/^5 {4}async execute\(name: string\): Promise<string> \{ +│ {3}async execute\(name\) \{$/)
    expect(lines.join('\n')).toContain('this.greet(...$s.call(0, [name]))')
    expect(lines.join('\n')).not.toContain('Hello')
  })

  test('counts places from after a byte order mark', async () => {
    const source = SOURCE.replace('return this.greet(name)', 'this.greet(name)').replace('<string>', '<void>')
    const at = async (mark: string) => text(await explained(mark + source)).split('\n')[0]
    expect(await at('')).toMatch(/^greeting\.ts\(6,5\): error CATGA110/)
    expect(await at('\uFEFF')).toBe(await at(''))
  })

  test('shows changed lines below their source', async () => {
    const lines = text(await explained(SOURCE, '--layout', 'stacked', '--method', 'execute')).split('\n')
    expect(lines).toContain('6      return this.greet(name)')
    expect(lines).toContain('  ▸    return this.greet(...$s.call(0, [name]));')
  })

  test('gives programs the whole of both, and the pairs of lines', async () => {
    const { json } = await explained(SOURCE)
    expect(json).toMatchObject({
      file: 'greeting.ts',
      source: SOURCE,
      emitted: expect.stringContaining("from 'catga/emitted'"),
      diagnostics: [],
    })
  })

  test('reports compile errors where they are and fails', async () => {
    const outcome = await explained(SOURCE.replace('private async greet', 'private greet'))
    expect(outcome.exitCode).toBe(1)
    expect(text(outcome)).toMatch(/^greeting\.ts\(10,\d+\): error CATGA\d+: /)
  })

  test('says that a file without a process stays as it is', async () => {
    const outcome = await explained('export const one = 1\n')
    expect(outcome.exitCode).toBe(0)
    expect(text(outcome)).toContain('greeting.ts declares no process')
  })

  test.each([
    {
      argv: ['--method', 'exceute'],
      message: 'greeting.ts has no compiled method "exceute". Compiled methods are: execute, greet.',
      exitCode: 3,
    },
    { argv: ['--layout', 'rows'], message: '--layout is "rows": give one of columns, stacked.', exitCode: 2 },
    { argv: ['--width', 'wide'], message: '--width is "wide": give a whole number of at least 40.', exitCode: 2 },
  ])('refuses $argv', async ({ argv, message, exitCode }) => {
    await expect(explained(SOURCE, ...argv)).rejects.toMatchObject({ message, exitCode })
  })
})
