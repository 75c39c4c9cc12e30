import { writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NodeProcess, runNode } from '../support/child-process.ts'
import { type CompiledProject, compileProject } from '../support/compiled-project.ts'
import { readWorldState, type WorldState } from './world-state.ts'

let project: CompiledProject
beforeAll(async () => {
  project = await compileProject(fileURLToPath(new URL('app', import.meta.url)))
}, 180_000)
afterAll(() => project?.[Symbol.dispose]())

const database = (): string => project.file('parcels.db')
const effects = (): string => project.file('parcels.jsonl')
const gate = (): string => project.file('gate')

const startWorker = (parcels: readonly object[]): NodeProcess =>
  new NodeProcess([project.output('parcel-worker.ts'), database(), effects(), gate(), JSON.stringify(parcels)])
const readState = (): Promise<WorldState> => readWorldState(project, database(), effects())

/** Stops a worker when it does not hold the database's write lock: no one could take over from one that keeps it for ever. */
async function stopBetweenWrites(worker: NodeProcess): Promise<void> {
  const sqlite = new DatabaseSync(database())
  try {
    for (;;) {
      worker.signal('SIGSTOP')
      try {
        sqlite.exec('begin immediate; rollback')
        return
      } catch {
        worker.signal('SIGCONT')
        await delay(10)
      }
    }
  } finally {
    sqlite.close()
  }
}

const effectsOf = (state: WorldState, id: string, pid: number): readonly string[] =>
  (state.requests.get(id) ?? []).filter((request) => request.pid === pid).map(({ effect }) => effect)

test(
  'a worker that was stopped past its lease writes nothing to what another took over, and then works on',
  { timeout: 60_000 },
  async () => {
    // One worker is stopped in the middle of a step and of an undo.
    await using stopped = startWorker([
      { id: 'held', refused: false },
      { id: 'undone', refused: true },
    ])
    await stopped.line(/^print of held waits$/)
    await stopped.line(/^undo of undone waits$/)
    await stopBetweenWrites(stopped)
    const saidBefore = stopped.lines.length

    // Another takes both over once the lease has run out, and brings them to their ends.
    writeFileSync(gate(), '')
    await using second = startWorker([])
    await second.line(/^append held completed: done$/)
    await second.line(/^append undone failed: done$/)
    const before = await readState()
    expect(before.orders.get('held')).toMatchObject({ status: 'completed', outcome: '"label of held"', epoch: 2 })
    expect(before.orders.get('undone')).toMatchObject({ status: 'failed', outcome: 'undone was refused', epoch: 2 })

    // The first goes on: its bodies end, and nothing comes of it.
    stopped.signal('SIGCONT')
    await stopped.line(/^print of held ends$/)
    await stopped.line(/^undo of undone ends$/)
    await stopped.line(/^result of held: label of held$/)
    await stopped.line(/^result of undone: .*undone was refused$/)
    expect(await readState()).toEqual(before)

    // With the second gone it is a healthy worker for new work.
    await second.kill()
    const client = await runNode([project.output('parcel-client.ts'), database(), 'later'])
    expect(client).toMatchObject({ code: 0, output: 'result of later: label of later' })
    const after = await readState()
    for (const id of ['held', 'undone']) expect(after.orders.get(id)).toEqual(before.orders.get(id))

    const said = stopped.lines.slice(saidBefore)
    expect(said.filter((line) => /^(?:joined|fenced)$/.test(line))).toEqual(['fenced', 'joined'])
    const accepted = said.filter((line) => line.endsWith(': done'))
    expect(accepted.length).toBeGreaterThan(0)
    expect(accepted.filter((line) => !line.startsWith('append later '))).toEqual([])
    const refused = said.filter((line) => /^append (?:held|undone) /.test(line))
    expect(refused.filter((line) => !line.endsWith(': fenced'))).toEqual([])
    // No line of process code ran: the promise of the step it waits for never settles.
    expect(said.filter((line) => /^(?:execute|finally) of held/.test(line))).toEqual([])
    expect(effectsOf(after, 'held', stopped.pid)).toEqual(['print'])
    expect(effectsOf(after, 'held', second.pid)).toEqual(['print', 'ship'])
    expect(effectsOf(after, 'undone', stopped.pid)).toEqual(['print', 'undo print'])
    expect(effectsOf(after, 'undone', second.pid)).toEqual(['undo print'])
    expect(effectsOf(after, 'later', stopped.pid)).toEqual(['print', 'ship'])
  },
)
