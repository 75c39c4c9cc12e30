/**
 * Whole processes of three steps per second on the memory journal, finished instances forgotten at once: start, three steps,
 * result, in one OS process. Per second of CPU time, all threads counted: what one core does.
 */
import { type App, createApp, MemoryJournalStore } from 'catga'
import { CompiledProcesses } from './measure/compiled-processes.ts'
import { type Report, rounded } from './measure/figure.ts'
import { alternate, median, medianRatio, type Side, sized, type Timing } from './measure/rounds.ts'
import type { ObjectOrder, Order, PrimitiveOrder } from './processes/three-steps.ts'

interface Module {
  readonly PrimitiveOrder: new () => PrimitiveOrder
  readonly ObjectOrder: new () => ObjectOrder
}

const SLICE = sized(1000, 50)
const IN_FLIGHT = sized(100, 10)
const ROUNDS = { rounds: sized(151, 5), warmup: sized(30, 2), time: 'cpu' } as const

const ORDER: Order = {
  orderId: 'order-20251',
  customerId: 'customer-778',
  items: [
    { sku: 'chair-oak', quantity: 4, price: 129.5 },
    { sku: 'table-oak', quantity: 1, price: 899 },
    { sku: 'lamp-brass', quantity: 2, price: 75.25 },
  ],
  address: { street: '12 Harbour Street', city: 'Rotterdam', zip: '3011' },
  amount: 1567.5,
}

export default async function processes(report: Report): Promise<void> {
  using compiledFiles = CompiledProcesses.build('compiled')
  using bareFiles = CompiledProcesses.build('bare')
  const { PrimitiveOrder, ObjectOrder } = await compiledFiles.load<Module>('three-steps')
  const bare = await bareFiles.load<Module>('three-steps')
  await using app = createApp({ journal: new MemoryJournalStore(), retentionMs: { completed: 0 } })
    .process(PrimitiveOrder, () => new PrimitiveOrder())
    .process(ObjectOrder, () => new ObjectOrder())
  await app.open()
  let id = 0
  const nextId = (): { readonly id: string } => ({ id: String(id++) })
  await measure(report, {
    metric: 'primitives',
    least: 200_000,
    app,
    compiled: () => app.run(PrimitiveOrder, 42, nextId()),
    bare: () => new bare.PrimitiveOrder().execute(42),
  })
  await measure(report, {
    metric: 'order-sized objects',
    least: 100_000,
    app,
    compiled: () => app.run(ObjectOrder, ORDER, nextId()),
    bare: () => new bare.ObjectOrder().execute(ORDER),
  })
}

interface Workload {
  readonly metric: string
  /** Processes per second. */
  readonly least: number
  readonly app: App
  readonly compiled: () => Promise<unknown>
  readonly bare: () => Promise<unknown>
}

async function measure(report: Report, { metric, least, compiled, bare }: Workload): Promise<void> {
  const sides: readonly Side[] = [oneByOne('one at a time', compiled), together('together', compiled), oneByOne('bare', bare)]
  const [alone, together100, plain] = await alternate(sides, ROUNDS)
  const line = (timing: Timing, how: string): void => {
    const perSecond = 1e9 / median(timing.rounds)
    report({
      name: 'process',
      metric: `${metric}, ${how}`,
      value: rounded(perSecond),
      unit: 'processes/s',
      ratio: rounded(medianRatio(plain!, timing)),
      against: `bare program, ${rounded(1e9 / median(plain!.rounds))}/s`,
      target: `at least ${least}/s`,
      met: perSecond >= least,
    })
  }
  line(alone!, 'one at a time')
  line(together100!, `${IN_FLIGHT} in flight`)
}

function oneByOne(name: string, start: () => Promise<unknown>): Side {
  return {
    name,
    run: async () => {
      for (let i = 0; i < SLICE; i++) await start()
      return SLICE
    },
  }
}

function together(name: string, start: () => Promise<unknown>): Side {
  return {
    name,
    run: async () => {
      for (let i = 0; i < SLICE; i += IN_FLIGHT) {
        const running: Promise<unknown>[] = []
        for (let j = 0; j < IN_FLIGHT; j++) running.push(start())
        await Promise.all(running)
      }
      return SLICE
    },
  }
}
