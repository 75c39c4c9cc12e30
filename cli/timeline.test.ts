import { expect, test } from 'vitest'
import { createCodec, type InstanceSummary, type JournalEntry } from '../runtime/index.ts'
import { entryToJson } from './journal-json.ts'
import { createPaint } from './paint.ts'
import { timeline } from './timeline.ts'

const codec = createCodec()
const T0 = Date.UTC(2026, 0, 2)
const call = { scope: '', site: 'charge', n: 0, method: 'charge' }
const error = { name: 'Error', message: 'busy', code: 'E1', data: 7n, cause: { name: 'Error', message: 'socket' } }
const at = (ms: number): { readonly at: number } => ({ at: T0 + ms })

/** Every kind of entry there is, in an order that need not make sense. */
const everyKind: readonly JournalEntry[] = [
  { kind: 'started', ...at(0), run: 2, input: 'A-1', shape: 'abc' },
  { kind: 'shape', ...at(1), shape: 'def' },
  { kind: 'step-started', ...at(2), ...call, args: [1, null] },
  { kind: 'attempt-failed', ...at(3), ...call, attempt: 1, error, retryAt: T0 + 103 },
  { kind: 'step-completed', ...at(104), ...call, n: 2, scope: 'items#1', args: 'sha256:0123456789abcdef', result: undefined, attempt: 2 },
  { kind: 'step-failed', ...at(105), ...call, args: codec.encode(['x'], 'arguments') as Uint8Array, error, attempt: 3 },
  { kind: 'timer-set', ...at(106), ...call, dueAt: T0 + 60_000 },
  { kind: 'timer-fired', ...at(60_000), ...call },
  { kind: 'signal-received', ...at(60_001), name: 'paid\u0007', payload: true, inbox: '1' },
  { kind: 'child-started', ...at(60_002), ...call, process: 'refund', id: 'R-1' },
  { kind: 'child-settled', ...at(60_003), ...call, outcome: { ok: true, value: 5 } },
  { kind: 'child-settled', ...at(60_004), ...call, outcome: { ok: false, error } },
  { kind: 'cancel-requested', ...at(60_005), reason: 'customer\ncalled', inbox: '2' },
  { kind: 'compensation-started', ...at(60_006), outcome: 'cancelled', error },
  { kind: 'undo-attempt-failed', ...at(60_007), ...call, attempt: 1, error, retryAt: T0 + 60_107 },
  { kind: 'step-compensated', ...at(60_108), ...call },
  { kind: 'stuck', ...at(60_109), error },
  { kind: 'resumed', ...at(60_110), inbox: '3' },
  { kind: 'continued-as-new', ...at(60_111), input: 'A-1' },
  { kind: 'completed', ...at(60_112), result: 'done' },
  { kind: 'failed', ...at(60_113), outcome: 'cancelled', error },
]

const summary: InstanceSummary = {
  process: 'order',
  id: 'A-1',
  status: 'stuck',
  run: 2,
  epoch: 3,
  entries: everyKind.length,
  createdAt: T0,
  updatedAt: T0 + 60_113,
  owner: 'w1',
}
const decode = codec.decode.bind(codec)

test('has words for every kind of entry', () => {
  const lines = timeline(
    { summary, entries: everyKind, decode: (payload) => decode(payload, 'payload'), now: T0 + 70_000 },
    { paint: createPaint('plain'), width: 160 },
  )
  const busy = 'Error: busy (cause: socket)'
  expect(lines.slice(0, 4)).toEqual([
    'order A-1  stuck',
    'started 2026-01-02 00:00:00.000Z, last entry 9 s ago, 21 entries, run 2, held by w1',
    '',
    "       +0 ms  started                          with 'A-1'",
  ])
  expect(lines.slice(4).map((line) => line.trim().replaceAll(/ +/g, ' '))).toEqual([
    '+1 ms taken up by changed code shape def',
    '+2 ms charge started (1, null)',
    `+3 ms charge attempt 1 failed ${busy}; next at +103 ms`,
    '+104 ms items#1/charge@2 (sha256:01234567…) → undefined, attempt 2',
    `+105 ms charge failed ${busy}, attempt 3`,
    '+106 ms charge set until +1 min 0 s',
    '+1 min 0 s charge fired',
    String.raw`+1 min 0 s signal paid\u{7} true`,
    '+1 min 0 s charge started process refund R-1',
    '+1 min 0 s charge → 5',
    `+1 min 0 s charge failed ${busy}`,
    String.raw`+1 min 0 s cancel requested customer\ncalled`,
    `+1 min 0 s compensation started ${busy}`,
    `+1 min 0 s undo of charge attempt 1 failed ${busy}; next at +1 min 0 s`,
    '+1 min 0 s undid charge',
    `+1 min 0 s stuck ${busy}`,
    '+1 min 0 s resumed by an operator',
    "+1 min 0 s continued as new with 'A-1'",
    "+1 min 0 s completed with 'done'",
    `+1 min 0 s cancelled ${busy}`,
  ])
})

test('every kind of entry is JSON', () => {
  const json = everyKind.map((entry) => entryToJson(entry, (payload) => decode(payload, 'payload')))
  const parsed = JSON.parse(JSON.stringify(json)) as readonly Record<string, unknown>[]
  expect(parsed.map(({ kind }) => kind)).toEqual(everyKind.map(({ kind }) => kind))
  expect(parsed[3]).toMatchObject({ error: { name: 'Error', message: 'busy', code: 'E1', data: '7', cause: { message: 'socket' } } })
  expect(parsed[5]).toMatchObject({ args: ['x'] })
  expect(parsed[11]).toMatchObject({ outcome: { ok: false, error: { message: 'busy' } } })
})
