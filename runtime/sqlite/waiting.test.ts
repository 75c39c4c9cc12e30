import { expect, test } from 'vitest'
import { approved, noted, Waiting } from '../../fixtures/processes/waiting.ts'
import { createApp } from '../process/app.ts'
import { entriesOf } from '../process/harness.test-support.ts'
import { sqliteJournal } from './sqlite-journal-store.ts'
import { temporaryFolder } from './temporary-folder.test-support.ts'

const newFile = temporaryFolder()
const IDS = Array.from({ length: 60 }, (_each, i) => `w${i}`)

class Worker {
  readonly journal: ReturnType<typeof sqliteJournal>
  readonly app: ReturnType<typeof createApp>

  constructor(path: string) {
    this.journal = sqliteJournal({ path, pollIntervalMs: 10 })
    this.app = createApp({ journal: this.journal, parkAfterMs: 1, pollMs: 50 }).process(
      Waiting,
      () => new Waiting((_step, [name]) => name, []),
    )
  }

  async untilParked(): Promise<void> {
    for (const id of IDS) {
      while ((await this.app.handle(Waiting, id).status()).status !== 'parked') await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  async close(): Promise<void> {
    await this.app.close()
    await this.journal[Symbol.asyncDispose]()
  }
}

test('parked processes go on with their signals, in this worker and in the next, each signal once and in order', async () => {
  const path = newFile()
  const first = new Worker(path)
  await Promise.all(IDS.map((id) => first.app.start(Waiting, { plot: 'inOrder' }, { id })))
  await first.untilParked()
  for (const number of [7, 3]) await Promise.all(IDS.map((id) => first.app.signal(Waiting, id, noted, number, { messageId: `${number}` })))
  await first.untilParked()
  await first.close()
  const second = new Worker(path)
  await second.app.open()
  for (const number of [3, 9, 1])
    await Promise.all(IDS.map((id) => second.app.signal(Waiting, id, noted, number, { messageId: `${number}` })))
  for (const id of IDS) expect(await second.app.handle(Waiting, id).result()).toEqual([7, 3, 9, 1])
  await second.close()
})

test('parked processes wake when their time comes, whoever parked them', async () => {
  const path = newFile()
  const first = new Worker(path)
  const until = new Date(Date.now() + 1500)
  await Promise.all(IDS.map((id) => first.app.start(Waiting, { plot: 'sleepUntil', until }, { id })))
  await first.untilParked()
  await first.close()
  const second = new Worker(path)
  await second.app.open()
  for (const id of IDS) await second.app.handle(Waiting, id).result()
  expect(Date.now()).toBeGreaterThanOrEqual(until.getTime())
  for (const id of IDS) {
    const kinds = (await entriesOf(second.journal, { process: 'Waiting', id })).map(({ kind }) => kind)
    expect(kinds).toEqual(['started', 'timer-set', 'timer-fired', 'completed'])
  }
  await expect(second.app.signal(Waiting, 'w0', approved, { by: 'kim' })).rejects.toMatchObject({ code: 'process-finished' })
  await second.close()
})
