/**
 * How long an instance with a long journal takes to be where it was, beside loading and decoding that journal alone.
 *
 * The process makes its calls, the last of which does not end; the app is closed and another one opened on the same SQLite database:
 * the time is that from opening to the body of the call that has no outcome yet.
 */
import { createApp, createCodec, type JournalStore } from 'catga'
import { sqliteJournal } from 'catga/sqlite'
import { CompiledProcesses } from './measure/compiled-processes.ts'
import { type Report, rounded } from './measure/figure.ts'
import { median, sized } from './measure/rounds.ts'
import { TemporaryFolder } from './measure/temporary-folder.ts'
import type { Caught, ConcurrentJournal, SequentialJournal } from './processes/long-journal.ts'

type Program = SequentialJournal | ConcurrentJournal

interface Module {
  readonly SequentialJournal: new (caught: Caught) => SequentialJournal
  readonly ConcurrentJournal: new (caught: Caught) => ConcurrentJournal
}

const ENTRIES = sized(10_000, 200)
const ROUNDS = sized(21, 2)
const WARMUP = sized(4, 1)
/** No worker counts as crashed here, however often the instance is taken over. */
const MANY = 1_000_000

export default async function replay(report: Report): Promise<void> {
  using files = CompiledProcesses.build('compiled')
  const { SequentialJournal, ConcurrentJournal } = await files.load<Module>('long-journal')
  await measure(report, { name: 'sequential', program: SequentialJournal, mostMs: 10 })
  await measure(report, { name: '100 concurrent branches', program: ConcurrentJournal, mostMs: 20 })
}

interface Case {
  readonly name: string
  readonly program: new (caught: Caught) => Program
  readonly mostMs: number
}

async function measure(report: Report, { name, program, mostMs }: Case): Promise<void> {
  using folder = new TemporaryFolder('replay')
  const inNewStore = async (work: (store: JournalStore) => Promise<Elapsed>): Promise<Elapsed> => {
    await using store = sqliteJournal(folder.file('journal.db'))
    // Opens the database before the clock runs.
    await store.get({ process: program.name, id: 'long' })
    return await work(store)
  }
  const rounds: { readonly resumed: Elapsed; readonly loaded: Elapsed }[] = []
  await inNewStore((store) => untilCaughtUp(store, program))
  for (let round = -WARMUP; round < ROUNDS; round++) {
    const resumed = await inNewStore((store) => untilCaughtUp(store, program))
    const loaded = await inNewStore((store) => untilDecoded(store, program.name))
    if (round >= 0) rounds.push({ resumed, loaded })
  }
  for (const clock of ['wall', 'cpu'] as const) {
    const aboveMs = median(rounds.map(({ resumed, loaded }) => resumed[clock] - loaded[clock]))
    report({
      name: 'replay',
      metric: `${ENTRIES} entries, ${name}: resuming above loading and decoding, ${clock === 'wall' ? 'by the clock' : 'CPU time'}`,
      value: rounded(aboveMs),
      unit: 'ms',
      ratio: rounded(median(rounds.map(({ resumed, loaded }) => resumed[clock] / loaded[clock]))),
      against: `loading and decoding, ${rounded(median(rounds.map(({ loaded }) => loaded[clock])))} ms`,
      ...(clock === 'wall' && { target: `at most ${mostMs} ms`, met: aboveMs <= mostMs }),
    })
  }
}

/** Milliseconds by the wall clock, and of CPU time of all threads: on a machine that others use too, the first says how busy they are. */
interface Elapsed {
  readonly wall: number
  readonly cpu: number
}

function stopwatch(): () => Elapsed {
  const began = performance.now()
  const used = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(used)
    return { wall: performance.now() - began, cpu: (user + system) / 1000 }
  }
}

/** Time from starting the instance or taking it over until the body that does not end runs. */
async function untilCaughtUp(store: JournalStore, program: Case['program']): Promise<Elapsed> {
  let caughtUp: () => void = () => undefined
  const reached = new Promise<void>((resolve) => (caughtUp = resolve))
  const caught: Caught = {
    up: () => {
      caughtUp()
      return new Promise(() => undefined)
    },
  }
  const elapsed = stopwatch()
  const app = createApp({ journal: store, maxTakeovers: MANY }).process<Program>(program, () => new program(caught))
  await app.start<Program>(program, ENTRIES, { id: 'long' })
  await reached
  const end = elapsed()
  await app.close({ timeoutMs: 0 })
  return end
}

/** Time for what any resumption has to do: own the instance, read its journal, decode its results. */
async function untilDecoded(store: JournalStore, name: string): Promise<Elapsed> {
  const codec = createCodec()
  const elapsed = stopwatch()
  await using session = await store.join({ worker: 'reader', leaseMs: 10_000 })
  const [claimed] = await session.claim({ processes: [name], limit: 1 })
  if (claimed === undefined) throw new Error('The instance is not there to be taken over.')
  const entries = await claimed.journal.load()
  if (entries.length < ENTRIES) throw new Error(`The journal has ${entries.length} entries, not ${ENTRIES}.`)
  for (const entry of entries) if (entry.kind === 'step-completed') codec.decode(entry.result, 'result')
  await claimed.journal.inbox()
  const end = elapsed()
  await claimed.journal.release()
  return end
}
