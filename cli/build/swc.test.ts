import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseArguments } from '../arguments.ts'
import type { LiveOutput, Outcome } from '../command.ts'
import { createPaint } from '../paint.ts'
import { buildWithSwc } from './swc.ts'
import { SWC_OPTIONS } from './swc-options.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'catga-build-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

function write(name: string, text: string): void {
  mkdirSync(join(folder, name, '..'), { recursive: true })
  writeFileSync(join(folder, name), text)
}

function build(argv: readonly string[], live?: LiveOutput): Promise<Outcome> {
  const args = parseArguments(argv, { ...SWC_OPTIONS, json: { type: 'boolean', help: '' } }, ['dirs-or-files...'])
  return buildWithSwc({ args, cwd: folder, live, now: () => 0 })
}

function outputs(): readonly string[] {
  return readdirSync(join(folder, 'out'), { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []))
}

describe('an interrupted build', () => {
  test('begins no further file, leaves none half written, and says so', async () => {
    for (let number = 0; number < 200; number++) write(`src/f${number}.ts`, `export const f${number}: number = ${number}\n`)
    const controller = new AbortController()
    const printed: string[] = []
    const live: LiveOutput = {
      terminal: true,
      print: () => undefined,
      // The first word of progress: people see it, and have enough.
      printError: (text) => {
        printed.push(text)
        controller.abort()
      },
      interruption: () => controller.signal,
    }
    const outcome = await build(['src', '-d', 'out', '--no-swcrc'], live)
    expect(outcome.exitCode).toBe(130)
    expect(printed[0]).toBe('\r50 of 200 files')
    expect(outcome.text({ paint: createPaint('plain'), width: 80 })).toEqual([
      expect.stringMatching(/^Interrupted: Compiled \d+ files with swc\.$/),
    ])
    const { compiled } = outcome.json as { readonly compiled: number }
    expect(compiled).toBeLessThan(200)
    expect(outputs().filter((name) => name.endsWith('.js'))).toHaveLength(compiled)
    expect(outputs().filter((name) => !name.endsWith('.js'))).toEqual([])
  })
})

describe('watching', () => {
  const watchOnce = async (argv: readonly string[]): Promise<readonly string[]> => {
    const controller = new AbortController()
    const printed: string[] = []
    const live: LiveOutput = {
      terminal: false,
      print: (text) => {
        printed.push(text)
        controller.abort()
      },
      printError: () => undefined,
      interruption: () => controller.signal,
    }
    const outcome = await build([...argv, '--watch', '--no-swcrc'], live)
    expect(outcome).toMatchObject({ exitCode: 0, json: undefined })
    return printed
  }

  test.each(['out', 'out [x]', 'out{y}', 'out (a)'])('what is in the output folder "%s" is no source', async (out) => {
    write('a.ts', 'export const a: number = 1\n')
    write(join(out, 'b.js'), 'export const b = 1\n')
    const [built = ''] = await watchOnce(['.', '-d', out, '--json'])
    expect(JSON.parse(built)).toMatchObject({ files: [{ source: 'a.ts', status: 'compiled' }] })
  })

  test('tells programs of each build and of the end in one line each', async () => {
    write('src/a.ts', 'export const a: number = 1\n')
    const printed = await watchOnce(['src', '-d', 'out', '--json'])
    expect(printed.map((text) => [text.indexOf('\n') === text.length - 1, JSON.parse(text) as object])).toEqual([
      [true, expect.objectContaining({ compiled: 1 })],
      [true, { mode: 'swc', stopped: true }],
    ])
  })
})

test('results come in the order of the files, not in that in which they were done', async () => {
  const names = Array.from({ length: 40 }, (_, number) => `src/f${String(number).padStart(2, '0')}.ts`)
  for (const name of names) write(name, 'export const f: number = 1\n')
  // The first takes longest by far.
  write('src/f00.ts', Array.from({ length: 4000 }, (_, number) => `export class A${number} { a: string = \`b\` }\n`).join(''))
  const { json } = await build(['src', '-d', 'out', '--no-swcrc'])
  expect((json as { readonly files: readonly { readonly source: string }[] }).files.map(({ source }) => source)).toEqual(names)
})

describe('two sources of one output', () => {
  test('do not get into each other', async () => {
    for (const ending of ['ts', 'tsx', 'js', 'jsx', 'mjs']) write(`src/same.${ending}`, 'export const same = 1\n')
    expect((await build(['src', '-d', 'out', '--no-swcrc'])).exitCode).toBe(0)
    expect(outputs()).toEqual(['same.js'])
  })
})
