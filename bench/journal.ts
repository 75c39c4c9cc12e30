/**
 * Durable processes of three steps per second on SQLite, beside as many closed-loop writers that await the same dependent appends
 * through the same store with no engine; and what that does to the event loop.
 *
 * Both sides write five times per process, each write waiting for the one before to be synced: started, three results, completed.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { createApp, type InstanceJournal, type WorkerSession } from 'catga'
import { sqliteJournal } from 'catga/sqlite'
import { CompiledProcesses } from './measure/compiled-processes.ts'
import { type Report, rounded } from './measure/figure.ts'
import { median, quick, sized } from './measure/rounds.ts'
import { TemporaryFolder } from './measure/temporary-folder.ts'
import type { PrimitiveOrder } from './processes/three-steps.ts'

interface Module {
  readonly PrimitiveOrder: new () => PrimitiveOrder
}

const IN_FLIGHT = quick ? [1, 5] : [1, 100, 1000]
const SLICE_MS = sized(600, 60)
const ROUNDS = sized(9, 2)
const LEAST_RATIO = 0.5
const MOST_DELAY_MS = 5
const NANOSECONDS = 1e6

let nextId = 0

export default async function journal(report: Report): Promise<void> {
  using folder = new TemporaryFolder('journal')
  using files = CompiledProcesses.build('compiled')
  const { PrimitiveOrder } = await files.load<Module>('three-steps')
  await using store = sqliteJournal(folder.file('journal.db'))
  await using app = createApp({ journal: store, leaseMs: 60_000 }).process(PrimitiveOrder, () => new PrimitiveOrder())
  await app.open()
  await using session = await store.join({ worker: 'raw', leaseMs: 600_000 })
  const engine = (): Promise<unknown> => app.run(PrimitiveOrder, 42, { id: String(nextId++) })
  const raw = (): Promise<unknown> => writeRaw(session)
  const idleMs = await idleDelay()
  for (const inFlight of IN_FLIGHT) await compare(report, { inFlight, engine, raw, idleMs })
}

interface Comparison {
  readonly inFlight: number
  readonly engine: () => Promise<unknown>
  readonly raw: () => Promise<unknown>
  readonly idleMs: number
}

async function compare(report: Report, { inFlight, engine, raw, idleMs }: Comparison): Promise<void> {
  const rates = { engine: [] as number[], raw: [] as number[] }
  const delays = { engine: [] as number[], raw: [] as number[] }
  for (let round = -1; round < ROUNDS; round++) {
    const order = round % 2 === 0 ? (['engine', 'raw'] as const) : (['raw', 'engine'] as const)
    for (const side of order) {
      const delay = monitorEventLoopDelay({ resolution: 1 })
      delay.enable()
      const rate = await closedLoop(inFlight, side === 'engine' ? engine : raw)
      delay.disable()
      if (round < 0) continue
      rates[side].push(rate)
      delays[side].push(delay.percentile(99) / NANOSECONDS - idleMs)
    }
  }
  const ratio = median(rates.engine.map((rate, round) => rate / rates.raw[round]!))
  const delayMs = Math.max(0, median(delays.engine))
  const rawDelayMs = Math.max(0, median(delays.raw))
  report({
    name: 'journal',
    metric: `${inFlight} in flight`,
    value: rounded(median(rates.engine)),
    unit: 'processes/s',
    ratio: rounded(ratio),
    against: `the same appends without an engine, ${rounded(median(rates.raw))}/s`,
    target: `ratio at least ${LEAST_RATIO}`,
    met: ratio >= LEAST_RATIO,
  })
  report({
    name: 'journal',
    metric: `${inFlight} in flight, event-loop delay p99 above idle`,
    value: rounded(delayMs),
    unit: 'ms',
    ratio: null,
    against: `idle, ${rounded(idleMs)} ms; without an engine, ${rounded(rawDelayMs)} ms above it`,
    target: `under ${MOST_DELAY_MS} ms`,
    met: delayMs < MOST_DELAY_MS,
  })
}

/** Keeps as many going as are to be in flight, each starting the next when it is done; answers how many were done per second. */
async function closedLoop(inFlight: number, one: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  let done = 0
  const loop = async (): Promise<void> => {
    while (performance.now() - began < SLICE_MS) {
      await one()
      done++
    }
  }
  await Promise.all(Array.from({ length: inFlight }, loop))
  return (done * 1000) / (performance.now() - began)
}

/** What the engine appends for one process, entry by entry, with nothing of the engine. */
async function writeRaw(session: WorkerSession): Promise<void> {
  const at = Date.now()
  const outcome = await session.start({ process: 'raw', id: String(nextId++), input: 42, at, shape: '0000000000000000' })
  const journal = created(outcome)
  const call = { at, scope: '', n: 0, attempt: 1, kind: 'step-completed' } as const
  await journal.append(1, { ...call, site: 'reserve', method: 'reserve', args: [42, 'chair'], result: 47 })
  await journal.append(2, { ...call, site: 'charge', method: 'charge', args: [47, 'EUR'], result: 50 })
  await journal.append(3, { ...call, site: 'ship', method: 'ship', args: [50, true], result: 51 })
  await journal.append(4, { kind: 'completed', at, result: 51 }, 'completed')
}

function created(outcome: Awaited<ReturnType<WorkerSession['start']>>): InstanceJournal {
  if (!outcome.created || outcome.journal === undefined) throw new Error('The instance was there already.')
  return outcome.journal
}

/** The 99th percentile that the monitor shows while app and store have nothing to do. */
async function idleDelay(): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  await sleep(SLICE_MS)
  delay.disable()
  return delay.percentile(99) / NANOSECONDS
}
