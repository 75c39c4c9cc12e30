import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  createClient,
  createCodec,
  MemoryJournalStore,
  type InstanceStatus,
  type JournalEntry,
  type WorkerSession,
} from '../runtime/index.ts'
import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'
import { runCli, type CliEnvironment } from './run-cli.ts'

const codec = createCodec()
const T0 = Date.UTC(2026, 0, 2, 3, 4, 5)
const call = { scope: '', n: 0, method: 'charge' }

let store: MemoryJournalStore
let session: WorkerSession

beforeEach(async () => {
  store = new MemoryJournalStore()
  session = await store.join({ worker: 'w1', leaseMs: 60_000 })
})

afterEach(async () => {
  await session[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})

/** Writes an instance as a worker would. */
async function given(process: string, id: string, entries: readonly JournalEntry[] = [], status?: InstanceStatus): Promise<void> {
  const started = await session.start({ process, id, input: codec.encode({ amount: 5n }, 'input'), at: T0 })
  if (!started.created || started.journal === undefined) throw new Error(`${id} exists`)
  if (entries.length > 0) await started.journal.append(1, entries, status)
}

async function catga(...argv: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = ''
  let err = ''
  const environment: CliEnvironment = {
    env: { CATGA_STORE: 'orders.db' },
    terminalWidth: undefined,
    version: '1.2.3',
    print: (text) => void (out += text),
    printError: (text) => void (err += text),
    openStore: async (file) => {
      if (file !== 'orders.db') throw new CliError(EXIT.notFound, 'store-not-found', `There is no store "${file}".`)
      return { client: createClient({ journal: store }), close: () => Promise.resolve() }
    },
    readFile: () => Promise.resolve('export const nothing = 1\n'),
    now: () => T0 + 60_000,
  }
  const code = await runCli(argv, environment)
  return { code, out, err }
}

const completed: readonly JournalEntry[] = [
  {
    kind: 'attempt-failed',
    ...call,
    site: 'charge card',
    attempt: 1,
    at: T0 + 10,
    retryAt: T0 + 110,
    error: { name: 'Error', message: 'busy' },
  },
  {
    kind: 'step-completed',
    ...call,
    site: 'charge card',
    args: ['A-1', 5],
    result: codec.encode({ paymentId: 'P' }, 'result'),
    attempt: 2,
    at: T0 + 120,
  },
  { kind: 'completed', at: T0 + 121, result: 'done' },
]

describe('catga', () => {
  test('without a command prints the overview as a usage error, with --help as an answer', async () => {
    const none = await catga()
    const help = await catga('--help')
    expect([none.code, help.code]).toEqual([2, 0])
    expect(none.out).toBe(help.out)
    for (const name of ['ps', 'show <id>', 'signal <id> <signal> [payload]', 'cancel <id>', 'resume <id>', 'delete <id>', 'explain <file>'])
      expect(help.out).toContain(`  ${name} `)
  })

  test('prints its version', async () => {
    expect(await catga('--version')).toEqual({ code: 0, out: '1.2.3\n', err: '' })
  })

  test('every command explains itself, whatever else is on the line', async () => {
    for (const name of ['ps', 'show', 'cancel', 'resume', 'delete', 'explain']) {
      const { code, out } = await catga(name, '--nonsense', '--help')
      expect(code).toBe(0)
      expect(out).toContain(`Usage: catga ${name}`)
      expect(out).toContain(`  catga ${name}`)
    }
  })

  test('says what is wrong with a command line, and how to learn more', async () => {
    const { code, out, err } = await catga('list')
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toBe(
      'catga: There is no command "list". There are: ps, show, signal, cancel, resume, delete, run, build, doctor, explain.\n"catga --help" shows how.\n',
    )
  })

  test('says so when there is no such store', async () => {
    expect(await catga('ps', '--store', 'odrers.db')).toEqual({ code: 3, out: '', err: 'catga: There is no store "odrers.db".\n' })
  })

  test('puts failures into JSON on request', async () => {
    const { code, out, err } = await catga('show', 'A-1', '--json')
    expect({ code, err }).toEqual({ code: 3, err: '' })
    expect(JSON.parse(out)).toEqual({
      error: { code: 'process-not-found', message: 'There is no instance "A-1" in this store. "catga ps" lists what there is.' },
    })
  })
})

describe('run', () => {
  test('wants a file', async () => {
    for (const words of [[], ['--watch'], ['--']]) {
      expect(await catga('run', ...words)).toEqual({ code: 2, out: '', err: 'catga: <file> is missing.\n"catga run --help" shows how.\n' })
    }
  })

  test("is silent about JSON when it fails: the option is the program's", async () => {
    const { out, err } = await catga('run', '--watch', '--json')
    expect(out).toBe('')
    expect(err).toContain('<file> is missing.')
  })

  test('explains which options are whose', async () => {
    const { code, out } = await catga('run', '--help')
    expect(code).toBe(0)
    expect(out).toContain('Usage: catga run [node options] <file> [arguments]')
    expect(out).not.toContain('print one JSON document')
  })
})

describe('ps', () => {
  test('lists instances with what an operator asks first', async () => {
    await given('order', 'A-1', completed, 'completed')
    await given('order', 'A-2')
    const { code, out } = await catga('ps')
    expect(code).toBe(0)
    const lines = out.trimEnd().split('\n')
    expect(lines[0]).toMatch(/^PROCESS +ID +STATUS +ENTRIES +AGE +UPDATED +WORKER$/)
    expect(lines[1]).toMatch(/^order +A-1 +completed +4 /)
    expect(lines[2]).toMatch(/^order +A-2 +running +1 .* w1$/)
  })

  test('filters by status and process, and says when there is more', async () => {
    await given('order', 'A-1', completed, 'completed')
    await given('order', 'A-2')
    await given('refund', 'R-1')
    const ids = async (...argv: readonly string[]) => {
      const parsed = JSON.parse((await catga('ps', '--json', ...argv)).out) as { instances: { id: string }[]; more: boolean }
      return [parsed.instances.map(({ id }) => id).join(), parsed.more]
    }
    expect(await ids()).toEqual(['A-1,A-2,R-1', false])
    expect(await ids('--status', 'running')).toEqual(['A-2,R-1', false])
    expect(await ids('--status', 'running,completed', '--process', 'order')).toEqual(['A-1,A-2', false])
    expect(await ids('--limit', '1')).toEqual(['A-1', true])
  })

  test('refuses a status there is not', async () => {
    const { code, err } = await catga('ps', '--status', 'done')
    expect(code).toBe(2)
    expect(err).toContain('"done" is no status. There are: running, parked, compensating, stuck, completed, failed, cancelled.')
  })

  test('cannot be made to write to the terminal by an id', async () => {
    await given('order', 'evil\u001B[2J')
    expect((await catga('ps')).out).toContain(String.raw`evil\u{1b}[2J`)
  })
})

describe('show', () => {
  test('tells the journal as a timeline', async () => {
    await given('order', 'A-1', completed, 'completed')
    const { code, out } = await catga('show', 'A-1')
    expect(code).toBe(0)
    expect(out.split('\n').slice(3)).toEqual([
      '    +0 ms  started                       with { amount: 5n }',
      '   +10 ms  charge card attempt 1 failed  Error: busy; next at +110 ms',
      "  +120 ms  charge card                   ('A-1', 5) → { paymentId: 'P' }, attempt 2",
      "  +121 ms  completed                     with 'done'",
      '',
    ])
    expect(out).toMatch(/^order A-1 {2}completed\nstarted 2026-01-02 03:04:05.000Z, /)
  })

  test('decodes payloads for programs', async () => {
    await given('order', 'A-1', completed, 'completed')
    const { out } = await catga('show', 'A-1', '--json')
    expect(JSON.parse(out)).toMatchObject({
      process: 'order',
      id: 'A-1',
      status: 'completed',
      journal: [{ kind: 'started', input: { amount: '5' } }, {}, { result: { paymentId: 'P' }, args: ['A-1', 5] }, { result: 'done' }],
    })
  })

  test('shows the rest of a journal of which a payload cannot be decoded', async () => {
    await given('order', 'A-1', [{ kind: 'completed', at: T0, result: new Uint8Array([0xc1]) }], 'completed')
    const { code, out } = await catga('show', 'A-1')
    expect(code).toBe(0)
    expect(out).toContain('completed  with { undecodable:')
  })

  test('asks for the process when the id alone is not enough', async () => {
    await given('order', 'X')
    await given('refund', 'X')
    const { code, err } = await catga('show', 'X')
    expect(code).toBe(2)
    expect(err).toContain('Several processes have an instance "X": "order", "refund". Say which with --process.')
    expect((await catga('show', 'X', '--process', 'refund')).out).toMatch(/^refund X /)
    expect((await catga('show', 'X', '--process', 'other')).code).toBe(3)
  })
})

describe('signal', () => {
  test('is delivered with its payload, and counts once under one message id', async () => {
    await store.start({ process: 'order', id: 'S-1', input: null, at: T0 })
    for (let i = 0; i < 2; i++) {
      const { code, out } = await catga('signal', 'S-1', 'approved', '{"by":"kim"}', '--message-id', 'm1', '--json')
      expect(code).toBe(0)
      expect(JSON.parse(out)).toEqual({ process: 'order', id: 'S-1', signal: 'approved', payload: { by: 'kim' } })
    }
    expect(await inbox('S-1')).toEqual([expect.objectContaining({ kind: 'signal', id: 'm1', name: 'approved' })])
  })

  test('needs no payload, and refuses one that is no JSON', async () => {
    await store.start({ process: 'order', id: 'S-1', input: null, at: T0 })
    const { code, err } = await catga('signal', 'S-1', 'approved', 'kim')
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringContaining('The payload is no JSON: kim. A text needs its quotes') as string,
    })
    expect((await catga('signal', 'S-1', 'approved')).code).toBe(0)
    expect(await inbox('S-1')).toEqual([expect.objectContaining({ name: 'approved', payload: undefined })])
  })

  test('to what has ended, or is not there, is refused', async () => {
    await store.start({ process: 'order', id: 'S-2', input: null, at: T0 })
    const [claimed] = await session.claim({ processes: ['order'], limit: 10 })
    await claimed!.journal.append(1, { kind: 'completed', at: 0, result: 1 }, 'completed')
    const { code, err } = await catga('signal', 'S-2', 'approved')
    expect({ code, err }).toEqual({ code: 4, err: 'catga: Process "order" "S-2" has ended already; nothing waits for a signal.\n' })
    expect((await catga('signal', 'nobody', 'approved')).code).toBe(3)
  })
})

describe('cancel, resume, delete', () => {
  test('cancel is delivered with its reason', async () => {
    await given('order', 'A-1')
    const { code, out } = await catga('cancel', 'A-1', '--reason', 'customer called', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual({ process: 'order', id: 'A-1', requested: 'cancel', reason: 'customer called' })
    expect(await inbox('A-1')).toEqual([expect.objectContaining({ kind: 'cancel', reason: 'customer called' })])
  })

  test('cancel refuses what has ended', async () => {
    await given('order', 'A-1', completed, 'completed')
    const { code, err } = await catga('cancel', 'A-1')
    expect({ code, err }).toEqual({ code: 4, err: 'catga: Process "order" "A-1" has ended already; there is nothing to cancel.\n' })
  })

  test('resume is for stuck instances only', async () => {
    await given('order', 'A-1', [{ kind: 'stuck', at: T0, error: { name: 'TypeError', message: 'bug' } }], 'stuck')
    await given('order', 'A-2')
    expect((await catga('resume', 'A-1')).code).toBe(0)
    expect((await catga('resume', 'A-2')).code).toBe(4)
  })

  test('delete removes the finished and refuses the rest', async () => {
    await given('order', 'A-1', completed, 'completed')
    await given('order', 'A-2')
    expect((await catga('delete', 'A-1')).code).toBe(0)
    expect((await catga('delete', 'A-1')).code).toBe(3)
    const refused = await catga('delete', 'A-2')
    expect(refused).toMatchObject({ code: 4, out: '' })
    expect(refused.err).toContain('Only finished instances are deleted')
  })
})

async function inbox(id: string): Promise<readonly unknown[]> {
  await session[Symbol.asyncDispose]()
  session = await store.join({ worker: 'w2', leaseMs: 60_000 })
  const claimed = await session.claim({ processes: ['order'], limit: 10 })
  const messages = await claimed.find(({ journal }) => journal.ref.id === id)?.journal.inbox()
  return messages?.map(({ message }) => message) ?? []
}
