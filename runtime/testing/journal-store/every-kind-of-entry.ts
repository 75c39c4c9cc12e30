import type { ErrorRecord, JournalEntry, JournalEntryKind } from '../../contracts/journal-entry.ts'

const error: ErrorRecord = {
  name: 'PaymentError',
  message: 'declined \ud800',
  code: 'E_DECLINED',
  data: new Uint8Array([1, 2, 3]),
  stack: 'PaymentError: declined\n    at charge (order.ts:3:1)',
  cause: { name: 'TypeError', message: 'root', code: 7, data: 5n },
}
const bare: ErrorRecord = { name: 'Error', message: '' }
const call = { scope: 'ship#2', site: 'reserve inventory', n: 3 }

/** At least one entry of every kind, with and without its optional parts: the type makes sure that none is left out. */
export function everyKindOfEntry(at: number): readonly JournalEntry[] {
  const byKind: { readonly [Kind in JournalEntryKind]: readonly Extract<JournalEntry, { readonly kind: Kind }>[] } = {
    started: [
      { kind: 'started', at, run: 2, input: new Uint8Array([9]) },
      { kind: 'started', at, run: 1, input: undefined, shape: 'sha256:1' },
    ],
    shape: [{ kind: 'shape', at, shape: 'sha256:2' }],
    'step-started': [
      { kind: 'step-started', at, ...call, method: 'reserve', args: [1, 'a', undefined, null, -0, 7n] },
      { kind: 'step-started', at, ...call, method: 'reserve', args: new Uint8Array([4]) },
    ],
    'attempt-failed': [{ kind: 'attempt-failed', at, ...call, attempt: 2, error, retryAt: at + 100 }],
    'step-completed': [
      { kind: 'step-completed', at, ...call, method: 'reserve', args: [], result: undefined, attempt: 1 },
      { kind: 'step-completed', at, ...call, method: 'reserve', args: 'sha256:3', result: new Uint8Array([5]), attempt: 9 },
    ],
    'step-failed': [{ kind: 'step-failed', at, ...call, method: 'reserve', args: ['x'], error: bare, attempt: 3 }],
    'timer-set': [{ kind: 'timer-set', at, ...call, dueAt: at + 60_000 }],
    'timer-fired': [{ kind: 'timer-fired', at, ...call }],
    'signal-received': [{ kind: 'signal-received', at, name: 'paid', payload: 'yes', inbox: '0' }],
    'child-started': [{ kind: 'child-started', at, ...call, process: 'ship', id: 'child-\udfff' }],
    'child-settled': [
      { kind: 'child-settled', at, ...call, outcome: { ok: true, value: 1.5 } },
      { kind: 'child-settled', at, ...call, outcome: { ok: false, error } },
    ],
    'cancel-requested': [{ kind: 'cancel-requested', at, reason: 'customer', inbox: '0' }],
    'compensation-started': [
      { kind: 'compensation-started', at, outcome: 'failed', error },
      { kind: 'compensation-started', at, outcome: 'cancelled', error: bare },
    ],
    'undo-attempt-failed': [{ kind: 'undo-attempt-failed', at, ...call, attempt: 1, error, retryAt: at + 5 }],
    'step-compensated': [{ kind: 'step-compensated', at, ...call }],
    completed: [{ kind: 'completed', at, result: 'result' }],
    failed: [
      { kind: 'failed', at, outcome: 'failed', error },
      { kind: 'failed', at, outcome: 'cancelled', error: bare },
    ],
    'continued-as-new': [{ kind: 'continued-as-new', at, input: null }],
    stuck: [{ kind: 'stuck', at, error }],
    resumed: [{ kind: 'resumed', at, inbox: '0' }],
  }
  return Object.values(byKind).flat()
}
