/**
 * What a compiled step costs above the same program uncompiled, on the memory journal: identity, commit and retry included.
 *
 * Processes of 1,000 steps run one after another, so that starting them weighs little (it is not taken off).
 */
import { createApp, createCodec, MemoryJournalStore } from 'catga'
import { allocatedBytes } from './measure/allocation.ts'
import { CompiledProcesses } from './measure/compiled-processes.ts'
import { type Report, rounded } from './measure/figure.ts'
import { alternate, median, medianDifference, medianRatio, type Side, sized } from './measure/rounds.ts'
import type { Stock } from './processes/counting.ts'

interface Program {
  execute(steps: number): Promise<number>
}

type Module = Readonly<Record<'Counting' | 'StockTaking', new () => Program>>

const STEPS = sized(1000, 50)
/** Processes to a slice: a few milliseconds, so that the two sides alternate finely. */
const SLICE = sized(20, 2)
const ROUNDS = { rounds: sized(151, 5), warmup: sized(30, 2), time: 'cpu' } as const
const LIMIT_NS = 50
const CODEC_FACTOR = 1.3

export default async function step(report: Report): Promise<void> {
  using compiledFiles = CompiledProcesses.build('compiled')
  using bareFiles = CompiledProcesses.build('bare')
  const compiled = await compiledFiles.load<Module>('counting')
  const bare = await bareFiles.load<Module>('counting')
  for (const kind of ['Counting', 'StockTaking'] as const) {
    await using app = createApp({ journal: new MemoryJournalStore(), retentionMs: { completed: 0 } }).process(
      compiled[kind],
      () => new compiled[kind](),
    )
    await app.open()
    let id = 0
    const runCompiled = async (): Promise<number> => {
      for (let i = 0; i < SLICE; i++) await app.run(compiled[kind], STEPS, { id: String(id++) })
      return SLICE * STEPS
    }
    const runBare = async (): Promise<number> => {
      for (let i = 0; i < SLICE; i++) await new bare[kind]().execute(STEPS)
      return SLICE * STEPS
    }
    const sides = [
      { name: 'compiled', run: runCompiled },
      { name: 'bare', run: runBare },
    ]
    if (kind === 'Counting') await primitives(report, sides)
    else await objects(report, sides)
    await allocation(report, kind === 'Counting' ? 'primitives' : 'small objects', runCompiled, runBare)
  }
}

async function primitives(report: Report, sides: readonly Side[]): Promise<void> {
  const [compiled, bare] = await alternate(sides, ROUNDS)
  const above = medianDifference(compiled!, bare!)
  report({
    name: 'step',
    metric: 'primitives: a step above the bare call',
    value: rounded(above),
    unit: 'ns',
    ratio: rounded(medianRatio(compiled!, bare!)),
    against: `bare call, ${rounded(median(bare!.rounds))} ns`,
    target: `at most ${LIMIT_NS} ns`,
    met: above <= LIMIT_NS,
  })
}

async function objects(report: Report, sides: readonly Side[]): Promise<void> {
  const [compiled, bare, codec] = await alternate([...sides, { name: 'codec', run: codecOnly }], ROUNDS)
  const above = medianDifference(compiled!, bare!)
  const codecNs = median(codec!.rounds)
  const limit = CODEC_FACTOR * codecNs + LIMIT_NS
  report({
    name: 'step',
    metric: 'small objects: a step above the bare call',
    value: rounded(above),
    unit: 'ns',
    ratio: rounded(above / codecNs),
    against: `codec of its arguments and its result, ${rounded(codecNs)} ns`,
    target: `at most ${CODEC_FACTOR} × codec + ${LIMIT_NS} = ${rounded(limit)} ns`,
    met: above <= limit,
  })
}

/** What the codec alone takes for the same values: arguments and result there and back. */
function codecOnly(): number {
  const codec = createCodec()
  const subject = 'benchmark'
  for (let i = 0; i < SLICE; i++) {
    let stock: Stock = { sku: 'chair', left: STEPS }
    for (let j = 0; j < STEPS; j++) {
      const [argument] = codec.copy([stock], subject).copy as [Stock]
      stock = codec.copy({ sku: argument.sku, left: argument.left - 1 }, subject).copy as Stock
    }
  }
  return SLICE * STEPS
}

async function allocation(report: Report, metric: string, compiled: () => Promise<number>, bare: () => Promise<number>): Promise<void> {
  const bytesOf = async (run: () => Promise<number>): Promise<number> =>
    (await allocatedBytes(async () => void (await run()))) / (SLICE * STEPS)
  const withBare = await bytesOf(bare)
  const withCompiled = await bytesOf(compiled)
  report({
    name: 'step',
    metric: `${metric}: bytes allocated by a step`,
    value: rounded(withCompiled),
    unit: 'B',
    ratio: rounded(withCompiled / withBare),
    against: `bare call, ${rounded(withBare)} B`,
  })
}
