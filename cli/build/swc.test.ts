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

describe('two sources of one output', () => {
  test('do not get into each other', async () => {
    for (const ending of ['ts', 'tsx', 'js', 'jsx', 'mjs']) write(`src/same.${ending}`, 'export const same = 1\n')
    expect((await build(['src', '-d', 'out', '--no-swcrc'])).exitCode).toBe(0)
    expect(outputs()).toEqual(['same.js'])
  })
})
