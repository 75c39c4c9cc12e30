import { copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runNode } from '../support/child-process.ts'
import { type CompiledProject, compileProject } from '../support/compiled-project.ts'
import type { PrintedOutcome } from './app/print-outcome.ts'

const APP = fileURLToPath(new URL('app', import.meta.url))

let project: CompiledProject
beforeAll(async () => {
  project = await compileProject(APP)
}, 180_000)
afterAll(() => project?.[Symbol.dispose]())

/** Runs a program of `app/` to its regular end; answers the outcomes it printed. */
async function outcomesOf(program: string, args: readonly string[]): Promise<readonly PrintedOutcome[]> {
  const { code, output } = await runNode([program, ...args])
  expect(code, output).toBe(0)
  return output.split('\n').map((line) => JSON.parse(line) as PrintedOutcome)
}

const greet = (database: string, ...ids: readonly string[]) => outcomesOf(project.output('greet.ts'), [database, ...ids])

describe('code', () => {
  test('a class the plugin has not seen is refused, with how to add it', { timeout: 60_000 }, async () => {
    using uncompiled = await compileProject(APP, { plugins: [] })
    const [outcome] = await outcomesOf(uncompiled.output('greet.ts'), [uncompiled.file('orders.db'), 'a'])
    expect(outcome).toMatchObject({ name: 'NotCompiledError', code: 'not-compiled' })
    expect(outcome?.message).toMatch(/GreetingProcess.*catga\/transformer/)
  })

  test('a class compiled for another ABI is refused when its module is loaded, with both versions', { timeout: 60_000 }, async () => {
    using other = await compileProject(APP)
    const file = other.output('greeting-process.ts')
    writeFileSync(file, readFileSync(file, 'utf8').replace('abi: 1,', 'abi: 2,'))
    const { code, output } = await runNode([other.output('greet.ts'), other.file('orders.db'), 'a'])
    expect(code).toBe(1)
    expect(output).toMatch(/NotCompiledError.*GreetingProcess.*ABI 2 .*ABI 1/)
  })
})

describe('a database', () => {
  /** A database with some work in it, closed. */
  async function database(name: string): Promise<string> {
    const file = project.file(name)
    expect(await greet(file, ...ids)).toEqual([...greetings, { value: 'done' }])
    return file
  }
  const ids = Array.from({ length: 40 }, (_, number) => `${number} ${'x'.repeat(200)}`)
  const greetings = ids.map((id) => ({ value: `Hello, ${id}` }))

  test('made by a newer version is refused and left as it is', async () => {
    const file = await database('newer.db')
    const sqlite = new DatabaseSync(file)
    sqlite.exec('pragma user_version = 99')
    sqlite.close()
    const before = readFileSync(file)
    const outcomes = await greet(file, 'a')
    expect(outcomes[0]).toMatchObject({ name: 'NewerSchemaError', code: 'newer-schema' })
    expect(outcomes[0]?.message).toMatch(/newer\.db.* 99.*Upgrade/)
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  test('of another application is refused and left as it is', async () => {
    const file = project.file('other.db')
    const sqlite = new DatabaseSync(file)
    sqlite.exec('create table account (id integer primary key)')
    sqlite.close()
    const before = readFileSync(file)
    const outcomes = await greet(file, 'a')
    expect(outcomes[0]).toMatchObject({ name: 'CorruptJournalError', code: 'corrupt-journal' })
    expect(outcomes[0]?.message).toContain('other.db')
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  test('that is no database is refused and left as it is', async () => {
    const file = project.file('text.db')
    writeFileSync(file, 'This is no database. '.repeat(500))
    const before = readFileSync(file)
    const outcomes = await greet(file, 'a')
    expect(outcomes[0]).toMatchObject({ name: 'CorruptJournalError', code: 'corrupt-journal' })
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  test('cut off anywhere is refused and left as it is', { timeout: 60_000 }, async () => {
    const file = await database('whole.db')
    const { size } = statSync(file)
    for (const length of [50, 100, 4096, 5000, 8192, ...[0.3, 0.5, 0.7, 0.9].map((share) => Math.floor(size * share)), size - 4096]) {
      const cut = project.file(`cut-${length}.db`)
      copyFileSync(file, cut)
      truncateSync(cut, length)
      const before = readFileSync(cut)
      const outcomes = await greet(cut, 'a')
      expect(outcomes[0], `cut to ${length} of ${size} bytes: ${JSON.stringify(outcomes)}`).toMatchObject({
        name: 'CorruptJournalError',
        code: 'corrupt-journal',
      })
      expect(outcomes[0]?.message).toContain(`cut-${length}.db`)
      expect(readFileSync(cut).equals(before), `cut to ${length} of ${size} bytes`).toBe(true)
    }
  })

  test('that lost a part of a page answers right or not at all', { timeout: 60_000 }, async () => {
    const file = await database('pages.db')
    const { size } = statSync(file)
    for (const lost of [1, 100, 2000, 4095]) {
      const cut = project.file(`lost-${lost}.db`)
      copyFileSync(file, cut)
      truncateSync(cut, size - lost)
      const outcomes = await greet(cut, ...ids)
      const wrong = outcomes.filter(
        ({ value, code }, number) => code !== 'corrupt-journal' && value !== (greetings[number]?.value ?? 'done'),
      )
      expect(wrong, `without the last ${lost} bytes`).toEqual([])
    }
  })

  test('in a folder that is not there is told apart from a broken one', async () => {
    const outcomes = await greet(project.file('nowhere', 'orders.db'), 'a')
    expect(outcomes[0]).toMatchObject({ name: 'StoreUnavailableError', code: 'store-unavailable' })
  })
})

test('any id of up to 1,024 units and any value that survives the journal works; others are refused and leave nothing', async () => {
  const outcomes = await outcomesOf(project.output('strange-values.ts'), [project.file('strange.db')])
  const works = { value: true }
  expect(outcomes.map(({ value, name }) => (name === undefined ? { value } : { name }))).toEqual([
    ...Array.from({ length: 10 }, () => works),
    { name: 'InvalidIdError' },
    { name: 'InvalidIdError' },
    works,
    { name: 'NotSerializableError' },
    { name: 'NotSerializableError' },
    { name: 'NotSerializableError' },
    { name: 'NotSerializableError' },
    { name: 'LimitExceededError' },
    { value: ['input 0'] },
  ])
})
