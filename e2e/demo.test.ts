/** The README's demonstration, as a program reads it. */
import { beforeAll, expect, test } from 'vitest'
import { buildPackage } from './support/build-package.ts'
import { runNode } from './support/child-process.ts'
import { packageRoot } from './support/package-root.ts'

interface Story {
  readonly orderId: string
  readonly outcome: string
  readonly beforeKill: readonly string[]
  readonly cutOff: readonly string[]
  readonly replayed: readonly string[]
  readonly afterRestart: readonly string[]
}

interface Report {
  readonly ok: boolean
  readonly effects: number
  readonly expectedEffects: number
  readonly requestsRepeated: number
  readonly problems: readonly string[]
  readonly orders: readonly Story[]
  readonly emitted: string
}

beforeAll(buildPackage, 60_000)

test('the demo loses and doubles nothing, and says of each order what ran when', { timeout: 60_000 }, async () => {
  const { code, output } = await runNode(['scripts/demo.mjs', '--json', '--no-build'], { cwd: packageRoot })
  expect(code, output).toBe(0)
  const report = JSON.parse(output) as Report
  expect(report).toMatchObject({ ok: true, effects: 26, expectedEffects: 26, requestsRepeated: 5, problems: [] })
  const story = (id: string) => report.orders.find(({ orderId }) => orderId === id)
  expect(story('A-1001')).toMatchObject({ outcome: 'completed', replayed: [], afterRestart: [] })
  expect(story('A-1003')).toMatchObject({
    outcome: 'completed',
    replayed: ['reserve inventory', 'send confirmation'],
    cutOff: ['charge card'],
    afterRestart: ['charge card', 'ship parcel'],
  })
  expect(story('A-1005')).toMatchObject({
    outcome: 'failed',
    replayed: [],
    beforeKill: ['reserve inventory', 'send confirmation', 'charge card', 'ship parcel (failed)', 'undo of charge card'],
    afterRestart: ['undo of send confirmation', 'undo of reserve inventory'],
  })
  expect(report.emitted).toContain('this.confirm(...$s.call(2')
})
