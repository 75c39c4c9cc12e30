import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CompiledProject, compileProject } from '../support/compiled-project.ts'
import type { Death } from './app/fatal-store.ts'
import type { Order } from './app/order-process.ts'
import { type Comparison, compare, NOTHING_WRONG } from './compare.ts'
import { runWorker, startWorker } from './worker-process.ts'
import { readWorldState } from './world-state.ts'

/** A sequence, a loop, two closures in parallel, two retries and a failure that is survived; then all of it undone. */
const SHAPE = { instalments: 2, items: ['lamp', 'vase'], fragile: ['vase'], express: false }

let project: CompiledProject
beforeAll(async () => {
  project = await compileProject(fileURLToPath(new URL('app', import.meta.url)))
}, 180_000)
afterAll(() => project?.[Symbol.dispose]())

/** Files of one database. */
const files = (name: string) => ({ database: project.file(`${name}.db`), effects: project.file(`${name}.jsonl`), latencyMs: 1, atOnce: 1 })

/**
 * Kills a worker at one commit after another, each time in an order of its own. The worker that is killed next first brings
 * the order before to its end.
 */
async function killAtEach(when: Death['when'], orders: readonly Order[], name: string): Promise<Comparison> {
  const plan = files(name)
  const killed = new Set<number>()
  for (const [commit, order] of orders.entries()) {
    await using worker = startWorker(project, {
      ...plan,
      orders: orders.slice(Math.max(0, commit - 1), commit + 1),
      death: { id: order.id, when, commit },
    })
    const { signal, output } = await worker.ended()
    expect(signal, output).toBe('SIGKILL')
    killed.add(worker.pid)
  }
  await runWorker(project, { ...plan, orders: orders.slice(-1) })
  const undisturbed = files(`${name}-undisturbed`)
  await runWorker(project, { ...undisturbed, atOnce: orders.length, orders })
  return compare(
    await readWorldState(project, undisturbed.database, undisturbed.effects),
    await readWorldState(project, plan.database, plan.effects),
    killed,
  )
}

test.each([
  { what: 'completes', refused: false, commits: 14, effects: 8 },
  { what: 'fails and is undone', refused: true, commits: 26, effects: 17 },
])(
  'a kill just before and just after every commit of an order that $what',
  { timeout: 300_000 },
  async ({ what, refused, commits, effects }) => {
    const counted = await runWorker(project, { ...files(`counted-${refused}`), orders: [{ ...SHAPE, id: 'counted', refused }] })
    expect(counted).toContain(`counted ${refused ? 'ProcessFailedError' : 'completed'} after ${commits} commits`)
    const results = await Promise.all(
      (['before', 'after'] as const).map((when) => {
        const orders = Array.from({ length: commits }, (_, commit) => ({ ...SHAPE, id: `${when}-${commit}`, refused }))
        return killAtEach(when, orders, `${when}-${refused}`)
      }),
    )
    for (const result of results) {
      expect(result.differences).toEqual(NOTHING_WRONG)
      expect(result).toMatchObject({ orders: commits, effects: commits * effects })
    }
    const [before, after] = results.map(({ repeats }) => repeats)
    console.log(
      `An order that ${what}: killed at ${2 * commits} points, ${before} requests repeated after kills before a commit, ${after} after one.`,
    )
    // A commit that was lost takes the effect it recorded with it; one that was made keeps all but what ran beside it.
    expect(before).toBeGreaterThanOrEqual(effects)
    expect(after).toBeLessThan(Number(before))
  },
)
