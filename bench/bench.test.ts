/** Every benchmark runs and says what it measured in the agreed form. What it measured on a small workload is not looked at. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { buildPackage } from '../e2e/support/build-package.ts'
import { runNode } from '../e2e/support/child-process.ts'
import { packageRoot } from '../e2e/support/package-root.ts'
import { isFigure } from './measure/figure.ts'

const names = readdirSync(join(packageRoot, 'bench'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -'.ts'.length))

beforeAll(buildPackage, 120_000)

test('all eight are there', () => {
  expect(names.toSorted()).toEqual(['compile', 'journal', 'process', 'recovery', 'replay', 'start', 'step', 'waiting'])
})

test.for(names)('%s', { timeout: 120_000 }, async (name) => {
  const { code, output } = await runNode(['--expose-gc', '--import', 'tsx', 'scripts/bench.mjs', name, '--json'], {
    cwd: packageRoot,
    env: { CATGA_BENCH_INNER: '1', CATGA_BENCH_QUICK: '1' },
  })
  expect(code, output).toBe(0)
  for (const line of output.split('\n')) {
    const figure: unknown = JSON.parse(line)
    expect(figure, line).toSatisfy(isFigure)
    expect(figure).toMatchObject({ name })
  }
})

test('a line without its figure is none', () => {
  const figure = { name: 'step', metric: 'a step', value: 1, unit: 'ns', ratio: null, against: null }
  expect(isFigure(figure)).toBe(true)
  for (const key of ['name', 'metric', 'value', 'unit', 'ratio', 'against'] as const)
    expect(isFigure({ ...figure, [key]: undefined })).toBe(false)
  expect(isFigure({ ...figure, value: Number.NaN })).toBe(false)
})
