/**
 * How soon everything is done after a crash: instances in the middle of a long step, SIGKILL of their OS process, start of another one.
 *
 * The new process runs the step that was cut off again, from its beginning; what it takes beyond that step's own time is the figure,
 * its own start included.
 */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Child } from './measure/child.ts'
import { CompiledProcesses } from './measure/compiled-processes.ts'
import { type Report, rounded } from './measure/figure.ts'
import { median, sized } from './measure/rounds.ts'
import { TemporaryFolder } from './measure/temporary-folder.ts'

const INSTANCES = sized(200, 5)
const STEP_MS = sized(2000, 300)
const ROUNDS = sized(5, 1)
const MOST_ABOVE_MS = 400

interface Crash {
  readonly aboveMs: number
  /** Bodies that ran although their result was journaled before the kill. */
  readonly rerun: number
}

export default async function recovery(report: Report): Promise<void> {
  using files = CompiledProcesses.build('compiled')
  const crashes: Crash[] = []
  for (let round = 0; round < ROUNDS; round++) crashes.push(await crash(files.path('recovery-worker')))
  const aboveMs = median(crashes.map((each) => each.aboveMs))
  const rerun = crashes.reduce((sum, each) => sum + each.rerun, 0)
  report({
    name: 'recovery',
    metric: `${INSTANCES} in flight, SIGKILL, start to all done, above the step's own time`,
    value: rounded(aboveMs),
    unit: 'ms',
    ratio: rounded((STEP_MS + aboveMs) / STEP_MS),
    against: `the step, ${STEP_MS} ms`,
    target: `at most ${MOST_ABOVE_MS} ms`,
    met: aboveMs <= MOST_ABOVE_MS,
  })
  report({
    name: 'recovery',
    metric: 'finished steps run again',
    value: rerun,
    unit: 'bodies',
    ratio: null,
    against: `${ROUNDS} kills`,
    target: '0',
    met: rerun === 0,
  })
}

async function crash(worker: string): Promise<Crash> {
  using folder = new TemporaryFolder('recovery')
  const effects = folder.file('effects.log')
  const args = [worker, folder.file('journal.db'), effects, String(INSTANCES), String(STEP_MS)]
  await using first = new Child(args)
  await first.line((line) => line === 'started')
  while (count(effects, 'carry') < INSTANCES) await sleep(5)
  await sleep(STEP_MS / 10)
  await first.kill()
  const began = performance.now()
  await using second = new Child(args)
  await second.line((line) => line === 'done')
  const aboveMs = performance.now() - began - STEP_MS
  await second.end()
  return { aboveMs, rerun: count(effects, 'pack') - INSTANCES + count(effects, 'sign') - INSTANCES }
}

function count(effects: string, step: string): number {
  const lines = readFileSync(effects, { encoding: 'utf8', flag: 'a+' }).split('\n')
  return lines.filter((line) => line.startsWith(`${step} `)).length
}
