/**
 * What waiting costs on SQLite: how soon a signal reaches a parked process, how late timers are, and what parked instances hold in memory.
 *
 * Latencies end in the body of the step behind the wait: from before the call of `app.signal`, or from the time that was slept until.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { createApp } from 'catga'
import { sqliteJournal } from 'catga/sqlite'
import { CompiledProcesses } from './measure/compiled-processes.ts'
import { type Report, rounded } from './measure/figure.ts'
import { quantile, sized } from './measure/rounds.ts'
import { TemporaryFolder } from './measure/temporary-folder.ts'
import type * as Waiting from './processes/waiting.ts'

const SIGNALS = sized(5000, 50)
const SIGNALS_PER_SECOND = 1000
const TIMERS = sized(5000, 50)
const TIMERS_WITHIN_MS = 1000
const PARKED = sized(40_000, 400)

export default async function waiting(report: Report): Promise<void> {
  using files = CompiledProcesses.build('compiled')
  const processes = await files.load<typeof Waiting>('waiting')
  await signals(report, processes)
  await timers(report, processes)
  await memory(report, processes)
}

function opened(folder: TemporaryFolder, { Signalled, Sleeper, Notes }: typeof Waiting) {
  const notes = new Notes()
  const journal = sqliteJournal(folder.file('journal.db'))
  const app = createApp({ journal, parkAfterMs: 50, retentionMs: { completed: 0 } })
    .process(Signalled, () => new Signalled(notes))
    .process(Sleeper, () => new Sleeper(notes))
  return { app, notes, journal }
}

type Opened = ReturnType<typeof opened>

async function close({ app, journal }: Opened): Promise<void> {
  await app.close()
  await journal[Symbol.asyncDispose]()
}

async function untilParked({ app }: Opened, process: string, count: number): Promise<void> {
  for (;;) {
    const parked = new Set<string>()
    for await (const { id } of app.client.list({ process, status: 'parked' })) parked.add(id)
    if (parked.size >= count) return
    await sleep(50)
  }
}

async function signals(report: Report, processes: typeof Waiting): Promise<void> {
  using folder = new TemporaryFolder('signals')
  const open = opened(folder, processes)
  const { app, notes } = open
  await startMany(SIGNALS, (number) => app.start(processes.Signalled, number, { id: `s${number}` }))
  await untilParked(open, 'Signalled', SIGNALS)
  const began = performance.now()
  const sent: Promise<void>[] = []
  for (let number = 0; number < SIGNALS; number++) {
    const at = began + (number * 1000) / SIGNALS_PER_SECOND
    while (performance.now() < at) await sleep(1)
    sent.push(app.signal(processes.Signalled, `s${number}`, processes.go, performance.now()))
  }
  await Promise.all(sent)
  while (notes.ms.length < SIGNALS) await sleep(10)
  await close(open)
  const p99 = quantile(notes.ms, 0.99)
  const metric = `a signal reaches a parked process, ${SIGNALS_PER_SECOND} a second`
  report({
    name: 'waiting',
    metric: `${metric}, median`,
    value: rounded(quantile(notes.ms, 0.5)),
    unit: 'ms',
    ratio: null,
    against: null,
  })
  report({
    name: 'waiting',
    metric: `${metric}, p99`,
    value: rounded(p99),
    unit: 'ms',
    ratio: null,
    against: null,
    target: 'below 10 ms',
    met: p99 < 10,
  })
}

async function timers(report: Report, processes: typeof Waiting): Promise<void> {
  using folder = new TemporaryFolder('timers')
  const open = opened(folder, processes)
  const { app, notes } = open
  // Far enough ahead that all are parked by then.
  const firstAt = Date.now() + 2000 + TIMERS / 2
  await startMany(TIMERS, (number) => app.start(processes.Sleeper, firstAt + (number * TIMERS_WITHIN_MS) / TIMERS, { id: `t${number}` }))
  await untilParked(open, 'Sleeper', TIMERS)
  while (notes.ms.length < TIMERS) await sleep(20)
  await close(open)
  const p99 = quantile(notes.ms, 0.99)
  report({
    name: 'waiting',
    metric: `lateness of ${TIMERS} timers within ${TIMERS_WITHIN_MS} ms, p99`,
    value: rounded(p99),
    unit: 'ms',
    ratio: null,
    against: null,
    target: 'below 1,000 ms',
    met: p99 < 1000,
  })
}

async function memory(report: Report, processes: typeof Waiting): Promise<void> {
  using folder = new TemporaryFolder('memory')
  const open = opened(folder, processes)
  const held: number[] = []
  for (const half of [0, 1]) {
    await startMany(PARKED / 2, (number) => open.app.start(processes.Signalled, number, { id: `m${half}-${number}` }))
    await untilParked(open, 'Signalled', ((half + 1) * PARKED) / 2)
    for (let i = 0; i < 4; i++) {
      global.gc?.()
      await sleep(50)
    }
    held.push(process.memoryUsage().heapUsed)
  }
  await close(open)
  const slope = (held[1]! - held[0]!) / (PARKED / 2)
  report({
    name: 'waiting',
    metric: `heap held for each of the second ${PARKED / 2} parked instances`,
    value: rounded(slope),
    unit: 'B',
    ratio: null,
    against: null,
    target: 'below 1 B',
    met: slope < 1,
  })
}

/** Some at a time: a promise for each would be what is measured. */
async function startMany(count: number, start: (number: number) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < count; from += 1000)
    await Promise.all(Array.from({ length: Math.min(1000, count - from) }, (_each, i) => start(from + i)))
}
