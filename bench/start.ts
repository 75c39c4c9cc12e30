/**
 * Time from the start of an OS process to the body of its first step, and resident memory then, beside a module that only prints.
 */
import { Child } from './measure/child.ts'
import { CompiledProcesses } from './measure/compiled-processes.ts'
import { type Report, rounded } from './measure/figure.ts'
import { median, sized } from './measure/rounds.ts'
import { TemporaryFolder } from './measure/temporary-folder.ts'

const ROUNDS = sized(21, 2)
const MOST_MS = 100
const MOST_MB = 25
const BYTES_PER_MB = 1_000_000

interface Start {
  readonly sinceStartMs: number
  readonly residentBytes: number
}

export default async function start(report: Report): Promise<void> {
  using folder = new TemporaryFolder('start')
  using files = CompiledProcesses.build('compiled')
  const bare: Start[] = []
  const memory: Start[] = []
  const sqlite: Start[] = []
  for (let round = -1; round < ROUNDS; round++) {
    const measured = [
      await run([files.path('bare-node')]),
      await run([files.path('first-step')]),
      await run([files.path('first-step'), folder.file(`journal-${round}.db`)]),
    ] as const
    if (round < 0) continue
    for (const [index, all] of [bare, memory, sqlite].entries()) all.push(measured[index]!)
  }
  compare(report, 'memory journal', memory, bare)
  compare(report, 'SQLite journal', sqlite, bare)
}

async function run(args: readonly string[]): Promise<Start> {
  await using child = new Child(args)
  const start = JSON.parse(await child.line()) as Start
  await child.end()
  return start
}

function compare(report: Report, name: string, starts: readonly Start[], bare: readonly Start[]): void {
  const aboveMs = median(starts.map(({ sinceStartMs }, round) => sinceStartMs - bare[round]!.sinceStartMs))
  const bareMs = median(bare.map(({ sinceStartMs }) => sinceStartMs))
  report({
    name: 'start',
    metric: `${name}: first step, above bare Node`,
    value: rounded(aboveMs),
    unit: 'ms',
    ratio: rounded((aboveMs + bareMs) / bareMs),
    against: `bare Node, ${rounded(bareMs)} ms`,
    target: `at most ${MOST_MS} ms`,
    met: aboveMs <= MOST_MS,
  })
  const aboveMb = median(starts.map(({ residentBytes }, round) => residentBytes - bare[round]!.residentBytes)) / BYTES_PER_MB
  const bareMb = median(bare.map(({ residentBytes }) => residentBytes)) / BYTES_PER_MB
  report({
    name: 'start',
    metric: `${name}: resident memory at the first step, above bare Node`,
    value: rounded(aboveMb),
    unit: 'MB',
    ratio: rounded((aboveMb + bareMb) / bareMb),
    against: `bare Node, ${rounded(bareMb)} MB`,
    target: `at most ${MOST_MB} MB`,
    met: aboveMb <= MOST_MB,
  })
}
