/** Programs that every Node runs, in JavaScript: what they need of TypeScript is compiled before. */

/** Runs each case of `compile/`, plainly and on an engine; prints how many runs there were and what went wrong. */
export const FIXTURES_PROGRAM = `import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { createApp, MemoryJournalStore } from 'catga'
import { runFixture } from './run-fixture.js'

const counts = { plain: 0, durable: 0 }
const failures = []
for (const name of readdirSync(new URL('compile', import.meta.url)).sort()) {
  try {
    const module = await import('./compile/' + name + '/input.js')
    const { default: fixture } = await import('./compile/' + name + '/run.js')
    counts.plain += await runFixture(module, fixture)
    for (const run of fixture.runs) {
      await durably(module, run)
      counts.durable++
    }
  } catch (error) {
    failures.push(name + ': ' + error.stack)
  }
}
console.log(JSON.stringify({ ...counts, failures }))

async function durably(module, { title = 'run', create, input, normalize, result, error, log, undone = [] }) {
  const written = []
  const processClass = create(module, written).constructor
  written.length = 0
  const app = createApp({ journal: new MemoryJournalStore() }).process(processClass, () => create(module, written))
  const outcome = await app.tryRun(processClass, input, { id: title })
  await app.close()
  if (error !== undefined) {
    assert.deepEqual([outcome.ok, outcome.error.code, outcome.error.cause.message], [false, 'process-failed', error], title)
  } else {
    assert.ok(outcome.ok, title + ': ' + outcome.error?.message)
    assert.deepStrictEqual(normalize === undefined ? outcome.value : normalize(outcome.value), result, title)
  }
  if (log !== undefined) assert.deepStrictEqual(written, [...log, ...undone], title)
}
`

/** The suite that the package ships for stores, on its own two; prints how many cases passed of each. */
export const CONFORMANCE_PROGRAM = `import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MemoryJournalStore } from 'catga'
import { sqliteJournal } from 'catga/sqlite'
import { journalStoreConformance } from 'catga/testing'

const folder = mkdtempSync(join(tmpdir(), 'catga-conformance-'))
const paths = new WeakMap()
let files = 0
const suites = {
  memory: journalStoreConformance({ open: (clock) => new MemoryJournalStore({ clock }) }),
  sqlite: journalStoreConformance({
    open(clock) {
      const path = join(folder, ++files + '.db')
      const store = sqliteJournal({ path, clock, pollIntervalMs: 10 })
      paths.set(store, path)
      return store
    },
    openAgain: (store, clock) => sqliteJournal({ path: paths.get(store), clock, pollIntervalMs: 10 }),
  }),
}
const found = { failures: [] }
for (const [suite, cases] of Object.entries(suites)) {
  const waiting = [...cases]
  found[suite] = 0
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      try {
        await next.run()
        found[suite]++
      } catch (error) {
        found.failures.push(suite + ' ' + next.name + ': ' + error.stack)
      }
    }
  }
  await Promise.all([worker(), worker(), worker(), worker()])
}
rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
console.log(JSON.stringify({ ...found, total: { memory: suites.memory.length, sqlite: suites.sqlite.length } }))
`
