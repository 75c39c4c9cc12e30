/**
 * Shows what Catga is for: compiles examples/01-order, starts six orders, kills their worker with SIGKILL in mid-flight,
 * starts it again, and says of each order what ran before, what was replayed and what ran after. Ends with the check that
 * the outside world saw no effect lost or doubled.
 *
 *   node scripts/demo.mjs [--json] [--no-build]
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { build } from './build.mjs'
import { plan } from './demo/orders-plan.mjs'
import { orderStory } from './demo/order-story.mjs'
import { startWorker } from './demo/worker-process.mjs'
import { commandOf, runNode } from './run.mjs'
import { duration, indent, palette } from './terminal.mjs'

const json = process.argv.includes('--json')
const { bold, dim, green, red, yellow, cyan } = palette()
const say = (/** @type {string} */ line = '') => (json ? undefined : console.log(line))

const startedAt = performance.now()
const folder = mkdtempSync(join(tmpdir(), 'catga-demo-'))
const journalFile = join(folder, 'orders.db')
const worldFile = join(folder, 'world.jsonl')
let worker
try {
  process.exitCode = await demo()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await worker?.kill()
  rmSync(folder, { recursive: true, force: true })
}

async function demo() {
  say(bold('Six orders, one kill -9'))
  say()
  await compile()
  const killed = await runUntilKill()
  const before = await journals()
  const restarted = await runToEnd()
  const after = await journals()
  const world = readWorld()
  const stories = plan.map((planned) =>
    orderStory({
      planned,
      before: before.get(planned.orderId)?.entries ?? [],
      after: after.get(planned.orderId)?.entries ?? [],
      outcome: after.get(planned.orderId)?.status ?? 'missing',
      world,
      killedPid: killed.pid,
    }),
  )
  say(dim('Replayed steps answer from the journal; their code does not run again.'))
  say()
  stories.forEach(tell)
  await show('The journal of the order that failed', ['show', 'A-1005'], ['--store', journalFile])
  const emitted = await show(
    'What the compiler makes of a method',
    ['explain', 'examples/01-order/order-process.ts', '--method', 'execute'],
    ['--width', '98'],
  )
  return conclude({ stories, world, killed, restarted, emitted })
}

async function compile() {
  const from = performance.now()
  const built = process.argv.includes('--no-build') ? { ok: true, output: '' } : await build()
  if (!built.ok) throw new Error(`Catga does not build:\n${built.output}`)
  const { code, output } = await runNode([commandOf('ts-patch', 'tspc'), '-p', 'examples/01-order'])
  if (code !== 0) throw new Error(`examples/01-order does not compile:\n${output}`)
  say(`Compiled examples/01-order with tspc ${dim(`(${duration(performance.now() - from)})`)}`)
}

/** Starts the worker with requests that hang where the plan says, and kills it once all of them do. */
async function runUntilKill() {
  const from = performance.now()
  const stalls = plan.flatMap(({ orderId, stall }) => (stall === undefined ? [] : [{ orderId, ...stall }]))
  worker = startWorker([journalFile, worldFile, JSON.stringify(stalls)])
  const { pid, until } = worker
  await until(() => stalls.every((stall) => hangs(readWorld(), stall)))
  // What does not hang gets to its end in the journal too, so that every run of the demo tells the same story.
  await until(async () => {
    const journaled = await journals()
    const sent = ['A-1002', 'A-1003'].every((id) => journaled.get(id).entries.some(({ site }) => site === 'send confirmation'))
    return sent && journaled.get('A-1001').status === 'completed'
  })
  const end = await worker.kill()
  say(
    `Worker ${pid} had six orders in flight for ${duration(performance.now() - from)}, then ${red('kill -9')} ${dim(`(ended by ${end.signal})`)}`,
  )
  return { pid, signal: end.signal }
}

/** Whether the request that is to hang has got to the point where it does. */
function hangs(world, { orderId, effect, when }) {
  const what = when === 'before' ? 'asked' : 'done'
  return world.some((line) => line.what === what && line.effect === effect && line.orderId === orderId)
}

async function runToEnd() {
  const from = performance.now()
  worker = startWorker([journalFile, worldFile])
  const { pid } = worker
  await worker.untilEnd()
  say(`Worker ${pid} took over where the journal ends and finished all of them in ${duration(performance.now() - from)}`)
  say()
  return { pid }
}

/** Reads every order's journal the way any tool can, through the package's public client. */
async function journals() {
  const { createClient } = await import('catga')
  const { sqliteJournal } = await import('catga/sqlite')
  const journal = sqliteJournal(journalFile)
  try {
    const client = createClient({ journal })
    const found = new Map()
    for await (const summary of client.list()) {
      const entries = []
      for await (const entry of client.read(summary)) entries.push(entry)
      found.set(summary.id, { status: summary.status, entries })
    }
    return found
  } finally {
    await journal[Symbol.asyncDispose]()
  }
}

function readWorld() {
  try {
    const lines = readFileSync(worldFile, 'utf8').split('\n')
    return lines.slice(0, -1).map((line) => JSON.parse(line))
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
}

/** @param {ReturnType<typeof orderStory>} story */
function tell({ orderId, about, outcome, beforeKill, cutOff, replayed, afterRestart, problems }) {
  say(`${bold(orderId)}  ${about}: ${outcome === 'completed' ? green(outcome) : yellow(`${outcome}, and undone`)}`)
  row('ran before', beforeKill)
  row('cut off', cutOff, red)
  row('replayed', replayed, dim)
  row('ran after', afterRestart, cyan)
  for (const problem of problems) say(`  ${red(problem)}`)
  say()
}

/** Items after a title, in lines of at most 100 columns. */
function row(/** @type {string} */ title, /** @type {readonly string[]} */ items, paint = (/** @type {string} */ text) => text) {
  const lines = items.length === 0 ? ['–'] : ['']
  for (const [index, item] of items.entries()) {
    const piece = index < items.length - 1 ? `${item}, ` : item
    if ((lines.at(-1) + piece).length > 84) lines.push('')
    lines[lines.length - 1] += piece
  }
  for (const [index, line] of lines.entries()) say(`  ${dim((index === 0 ? title : '').padEnd(12))}${paint(line.trimEnd())}`)
}

/** What the `catga` command says, under the command line that asks for it. */
async function show(/** @type {string} */ title, /** @type {readonly string[]} */ args, /** @type {readonly string[]} */ hidden) {
  const { code, output } = await runNode(['dist/cli/main.js', ...args, ...hidden])
  if (code !== 0) throw new Error(`catga ${args.join(' ')} failed:\n${output}`)
  say(`${bold(title)}  ${dim(`catga ${args.join(' ')}`)}`)
  say(indent(output))
  say()
  return output
}

function conclude({ stories, world, killed, restarted, emitted }) {
  const effects = world.filter(({ what }) => what === 'done')
  const requests = world.filter(({ what }) => what === 'asked')
  const repeated = requests.length - new Set(requests.map(({ key }) => key)).size
  const problems = stories.flatMap((story) => story.problems.map((problem) => `${story.orderId}: ${problem}`))
  const expected = plan.reduce((sum, planned) => sum + planned.effects.length, 0)
  const ok = problems.length === 0 && killed.signal === 'SIGKILL' && effects.length === expected
  if (json) {
    console.log(
      JSON.stringify(
        {
          ok,
          effects: effects.length,
          expectedEffects: expected,
          requests: requests.length,
          requestsRepeated: repeated,
          killed,
          restarted,
          orders: stories,
          problems,
          emitted,
        },
        undefined,
        2,
      ),
    )
    return ok ? 0 : 1
  }
  say(
    `The outside world had ${requests.length} requests and ${effects.length} effects. ${repeated} requests came twice, with the idempotency key`,
  )
  say('of the first time: the kill had cut them off before their answer was in the journal.')
  say()
  say(
    ok
      ? green(bold(`Check passed: ${effects.length} of ${expected} effects, none lost, none doubled, undone in reverse order.`))
      : red(bold('Check failed:')),
  )
  for (const problem of problems) say(`  ${red(problem)}`)
  say(dim(`(${duration(performance.now() - startedAt)})`))
  return ok ? 0 : 1
}
