import { fileURLToPath } from 'node:url'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { NodeProcess } from '../support/child-process.ts'
import { type CompiledProject, compileProject } from '../support/compiled-project.ts'
import type { Order } from './app/order-process.ts'
import { type Comparison, compare, NOTHING_WRONG } from './compare.ts'
import { orderNumber } from './orders.ts'
import { runWorker, startWorker } from './worker-process.ts'
import { readWorldState } from './world-state.ts'

const soak = process.env['CATGA_SOAK'] === '1'

/** Databases at once; each has one worker after the other. */
const DATABASES = 3
const KILLS = soak ? 5000 : 300
const KILLS_EACH = Math.ceil(KILLS / DATABASES)
/** After so many kills the databases are brought to an end and compared, so that journals of a soak do not grow for ever. */
const KILLS_PER_ROUND = 100
/** Orders each worker has in hand: what the killed one left and new ones. */
const IN_HAND = 8
/** Longest wait before and after an effect: the longer workers live, the longer, so that they are killed with work in hand. */
const LATENCY_MS = { after: 3, before: 40 } as const
/** Longest time from a worker's first sign of life to its kill. */
const LONGEST_LIFE_MS = 150
const LONGEST_START_MS = 250
/** One worker in so many is killed while it starts. */
const KILL_AT_START = 8

interface Round extends Comparison {
  readonly kills: number
}

let project: CompiledProject
beforeAll(async () => {
  project = await compileProject(fileURLToPath(new URL('app', import.meta.url)))
}, 180_000)
afterAll(() => project?.[Symbol.dispose]())

/** What became of a worker that was to be killed. */
interface Death {
  readonly pid: number
  /** False when it had done all it was given before. */
  readonly wasKilled: boolean
  readonly endedOrders: readonly string[]
}

/** Lets a worker live for a random time, counted from its start or from its first sign of life. */
async function live(worker: NodeProcess, isKilledAtStart: boolean): Promise<void> {
  if (isKilledAtStart) return delay(Math.random() * LONGEST_START_MS)
  await Promise.race([worker.line(/^open$/), worker.ended()])
  await delay(Math.random() * LONGEST_LIFE_MS)
}

async function kill(worker: NodeProcess): Promise<Death> {
  const { code, signal, output } = await worker.kill()
  if (signal !== 'SIGKILL') expect(code, output).toBe(0)
  const ended = [...output.matchAll(/^(order-\d+) (?:completed|ProcessFailedError) /gm)]
  return { pid: worker.pid, wasKilled: signal === 'SIGKILL', endedOrders: ended.map((match) => String(match[1])) }
}

/**
 * Kills workers of one database until `kills` of them were killed.
 * @param handover `after`: the next worker starts when the one before is dead; `before`: while it lives, and takes over at once
 */
async function killAtRandom(name: string, kills: number, handover: 'after' | 'before'): Promise<Round> {
  const files = (kind: string) => ({
    database: project.file(`${name}-${kind}.db`),
    effects: project.file(`${name}-${kind}.jsonl`),
    atOnce: IN_HAND,
  })
  const crashed = files('crashed')
  const killed = new Set<number>()
  const inHand = new Map<string, Order>()
  const die = async (worker: NodeProcess): Promise<void> => {
    const { pid, wasKilled, endedOrders } = await kill(worker)
    if (wasKilled) killed.add(pid)
    for (const id of endedOrders) inHand.delete(id)
  }
  let next = 0
  const workers: NodeProcess[] = []
  try {
    while (killed.size < kills) {
      while (inHand.size < IN_HAND) inHand.set(orderNumber(next).id, orderNumber(next++))
      workers.push(startWorker(project, { ...crashed, latencyMs: LATENCY_MS[handover], orders: [...inHand.values()] }))
      await live(workers.at(-1) as NodeProcess, killed.size % KILL_AT_START === 0)
      const victim = workers.at(handover === 'after' ? -1 : -2)
      if (victim !== undefined) await die(victim)
    }
  } finally {
    for (const worker of workers) await die(worker)
  }
  const orders = Array.from({ length: next }, (_, number) => orderNumber(number))
  await runWorker(project, { ...crashed, latencyMs: 0, atOnce: 32, orders })
  const undisturbed = files('undisturbed')
  await runWorker(project, { ...undisturbed, latencyMs: 0, atOnce: 32, orders })
  const comparison = compare(
    await readWorldState(project, undisturbed.database, undisturbed.effects),
    await readWorldState(project, crashed.database, crashed.effects),
    killed,
  )
  expect(comparison.orders).toBe(next)
  return { ...comparison, kills: killed.size }
}

test(`${KILLS} kills at random times lose, double and reorder nothing`, { timeout: soak ? 7_200_000 : 600_000 }, async () => {
  const rounds: Round[] = []
  const databases = await Promise.allSettled(
    Array.from({ length: DATABASES }, async (_, database) => {
      for (let left = KILLS_EACH, round = 0; left > 0; left -= KILLS_PER_ROUND, round++) {
        rounds.push(await killAtRandom(`random-${database}-${round}`, Math.min(left, KILLS_PER_ROUND), database === 0 ? 'before' : 'after'))
      }
    }),
  )
  for (const database of databases) if (database.status === 'rejected') throw database.reason
  const sum = (of: (round: Round) => number): number => rounds.reduce((total, round) => total + of(round), 0)
  const kills = sum((round) => round.kills)
  const repeats = sum((round) => round.repeats)
  console.log(
    `${kills} kills over ${sum(({ orders }) => orders)} orders with ${sum(({ effects }) => effects)} effects; ${repeats} requests were repeated.`,
  )
  for (const { differences } of rounds) expect(differences).toEqual(NOTHING_WRONG)
  expect(kills).toBeGreaterThanOrEqual(KILLS)
  // Else the kills would have hit workers that were doing nothing.
  expect(repeats).toBeGreaterThan(KILLS / 10)
})
