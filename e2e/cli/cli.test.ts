/** The built `catga` command on a real SQLite journal, as operators use it. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { createApp, createClient, ProcessStuckError } from 'catga'
import { sqliteJournal } from 'catga/sqlite'
import { buildPackage } from '../support/build-package.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ParcelProcess } from './parcel.process.ts'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

let folder = ''
let store = ''

beforeAll(async () => {
  await buildPackage()
  folder = mkdtempSync(join(tmpdir(), 'catga-cli-'))
  store = join(folder, 'parcels.db')
  const journal = sqliteJournal(store)
  const app = createApp({ journal }).process(ParcelProcess, () => new ParcelProcess())
  await app.run(ParcelProcess, { id: 'P-1', weight: 3 })
  await app.tryRun(ParcelProcess, { id: 'P-2', weight: 99 })
  await expect(app.run(ParcelProcess, { id: 'P-3', weight: -1 })).rejects.toThrowError(ProcessStuckError)
  await app.close()
  await createClient({ journal }).process<ParcelProcess>('parcel').start({ id: 'P-4', weight: 1 }, { id: 'P-4' })
  await journal[Symbol.asyncDispose]()
}, 60_000)

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

function catga(...args: readonly string[]): { readonly code: number | null; readonly out: string; readonly err: string } {
  const env = { ...process.env, CATGA_STORE: store, FORCE_COLOR: undefined }
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', env, cwd: folder, timeout: 20_000 })
  return { code: status, out: stdout, err: stderr }
}

function json(...args: readonly string[]): unknown {
  return JSON.parse(catga(...args, '--json').out)
}

describe('catga on a SQLite journal', () => {
  test('lists what workers left', () => {
    const { code, out, err } = catga('ps')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const rows = out.trimEnd().split('\n').slice(1)
    expect(rows.map((row) => row.split(/ {2,}/).slice(0, 3))).toEqual([
      ['parcel', 'P-1', 'completed'],
      ['parcel', 'P-2', 'failed'],
      ['parcel', 'P-3', 'stuck'],
      ['parcel', 'P-4', 'running'],
    ])
    expect(out).not.toContain('\u001B')
  })

  test('tells a failed instance as a timeline, the undo last', () => {
    const { code, out } = catga('show', 'P-2')
    expect(code).toBe(0)
    const events = out.split('\n').map((line) => line.trim().replace(/^\+\d+ ms +/, ''))
    expect(events.slice(3)).toEqual([
      "started               with { id: 'P-2', weight: 99 }",
      "collect               ('P-2') → { shelf: 'shelf of P-2' }",
      'deliver failed        NonRetryableError: P-2 is too heavy',
      'compensation started  NonRetryableError: P-2 is too heavy',
      'undid collect',
      'failed                NonRetryableError: P-2 is too heavy',
      '',
    ])
  })

  test('gives programs the decoded journal', () => {
    expect(json('show', 'P-1')).toMatchObject({
      id: 'P-1',
      status: 'completed',
      journal: [
        { kind: 'started', input: { id: 'P-1', weight: 3 } },
        { result: { shelf: 'shelf of P-1' } },
        {},
        { kind: 'completed', result: 'delivered P-1' },
      ],
    })
  })

  test('resumes a stuck instance: a worker takes it up', async () => {
    expect(catga('resume', 'P-1').code).toBe(4)
    expect(catga('resume', 'P-3').code).toBe(0)
    const journal = sqliteJournal(store)
    const app = createApp({ journal, pollMs: 20 }).process(ParcelProcess, () => new ParcelProcess())
    await app.open()
    const kinds = async () => {
      const found: string[] = []
      for await (const { kind } of app.client.read({ process: 'parcel', id: 'P-3' })) found.push(kind)
      return found
    }
    // The bug is still there, so it is stuck again; and P-4 found its worker.
    await expect.poll(kinds, { timeout: 15_000 }).toEqual(['started', 'step-completed', 'stuck', 'resumed', 'stuck'])
    expect(await app.handle(ParcelProcess, 'P-4').result()).toBe('delivered P-4')
    await app.close()
    await journal[Symbol.asyncDispose]()
    expect(json('ps', '--status', 'stuck')).toMatchObject({ instances: [{ id: 'P-3', entries: 5 }] })
  })

  test('cancels a stuck instance: a worker undoes it', async () => {
    expect(catga('cancel', 'P-3', '--reason', 'wrong weight').code).toBe(0)
    const journal = sqliteJournal(store)
    const app = createApp({ journal, pollMs: 20 }).process(ParcelProcess, () => new ParcelProcess())
    await app.open()
    await expect(app.handle(ParcelProcess, 'P-3').result()).rejects.toThrowError('wrong weight')
    await app.close()
    await journal[Symbol.asyncDispose]()
    expect(catga('show', 'P-3').out).toContain('undid collect')
    expect(catga('cancel', 'P-3')).toMatchObject({ code: 4, out: '' })
  })

  test('deletes finished instances', () => {
    expect(catga('delete', 'P-1').code).toBe(0)
    expect(catga('show', 'P-1').code).toBe(3)
  })

  test('makes no store where there is none', () => {
    const missing = join(folder, 'missing.db')
    expect(catga('ps', '--store', missing)).toEqual({ code: 3, out: '', err: `catga: There is no store "${missing}".\n` })
    expect(existsSync(missing)).toBe(false)
  })

  test('refuses a file that is no journal, and leaves it as it is', () => {
    const other = join(folder, 'notes.txt')
    writeFileSync(other, 'milk, bread\n'.repeat(1000))
    const { code, out, err } = catga('ps', '--store', other)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(/^catga: .+/)
  })

  test('explains a file', () => {
    const file = fileURLToPath(new URL('parcel.process.ts', import.meta.url))
    const { code, out } = catga('explain', file, '--method', 'execute', '--width', '140')
    expect(code).toBe(0)
    expect(out).toContain('this.collect(...$s.call(0, [parcel.id]))')
    expect(catga('explain', 'nowhere.ts')).toEqual({ code: 3, out: '', err: 'catga: There is no file "nowhere.ts".\n' })
  })
})
