/** Jest through ts-jest and @swc/jest, in both of its module modes. */
import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HostProject } from '../../support/host-project.ts'
import { packageRoot } from '../../support/package-root.ts'
import { ORDER_ANSWER, ORDER_PROCESS } from './order-process.ts'
import { RecipePage } from './recipe-page.ts'

const page = new RecipePage('jest')
const CONFIGS = ['ts-jest-esm', 'ts-jest-cjs', 'swc-esm', 'swc-cjs'] as const
type Config = (typeof CONFIGS)[number]

const TEST = `import { createApp, MemoryJournalStore } from 'catga'
import { OrderProcess } from './order.process'

test('an order is charged', async () => {
  const app = createApp({ journal: new MemoryJournalStore() }).process(OrderProcess, () => new OrderProcess())
  expect(await app.run(OrderProcess, { id: 'o1', amount: 5 })).toBe('${ORDER_ANSWER}')
  await app.close()
})

test('a stack trace is on original lines', async () => {
  const failed = await new OrderProcess().execute({ id: 'o2', amount: -1 }).catch((error: Error) => error.stack)
  expect(failed).toMatch(/order\\.process\\.ts:12:13/)
})
`

/** Isolated, because ts-jest then takes catga's JavaScript too without a program of it. */
const TSCONFIG = {
  compilerOptions: {
    module: 'esnext',
    moduleResolution: 'bundler',
    target: 'ES2022',
    types: ['node', 'jest'],
    isolatedModules: true,
    allowJs: true,
    strict: true,
    skipLibCheck: true,
    esModuleInterop: true,
    sourceMap: true,
    rootDir: '.',
  },
  include: ['src'],
}

interface Coverage {
  readonly statementMap: Readonly<Record<string, { readonly start: { readonly line: number }; readonly end: { readonly line: number } }>>
  readonly s: Readonly<Record<string, number>>
}

let project: HostProject
beforeAll(async () => {
  project = await HostProject.create({
    tools: ['jest', 'ts-jest', '@swc/jest', '@swc/core', 'typescript', '@types/jest'],
    type: 'commonjs',
  })
  project.write('tsconfig.json', JSON.stringify(TSCONFIG))
  page.write(project, '.swcrc')
  project.write('src/order.process.ts', ORDER_PROCESS)
  project.write('src/order.test.ts', TEST)
  for (const config of CONFIGS) project.write(`jest.${config}.mjs`, fromProject(page.block(`jest.config.mjs:${config}`)))
}, 240_000)
afterAll(() => project?.[Symbol.dispose]())

async function jest(config: Config, ...args: readonly string[]) {
  const { env } = page.command('NODE_OPTIONS="--experimental-vm-modules" npx jest')
  const cache = ['--cacheDirectory', project.file('cache', config)]
  const run = [project.command('jest'), '-c', `jest.${config}.mjs`, '--ci', '--runInBand', ...cache, ...args]
  const { code, output } = await project.run(run, config.endsWith('esm') ? { env } : {})
  return { code, output: stripVTControlCharacters(output) }
}

describe.each(CONFIGS)('%s', (config) => {
  test('a process runs in a test, with coverage and stack traces on original lines', async () => {
    const coverage = ['--coverage', '--coverageReporters', 'json', '--coverageDirectory', project.file('coverage', config)]
    const { code, output } = await jest(config, ...coverage)
    expect(code, output).toBe(0)
    const files = JSON.parse(project.read(`coverage/${config}/coverage-final.json`)) as Readonly<Record<string, Coverage>>
    const covered = files[project.file('src', 'order.process.ts')]
    // The function `id`, then condition, throw, call of the step, result, the step's result: as without Catga. In CommonJS swc adds
    // a getter for the export in line 9.
    expect(linesOf(covered, (count) => count > 0).filter((line) => line !== 9)).toEqual([8, 11, 12, 14, 15, 20])
    expect(linesOf(covered, (count) => count === 0)).toEqual([])
  })

  test('another version of the compiler compiles anew', async () => {
    const file = 'node_modules/catga/dist/transformer/hosts/compiler-version.js'
    const version = project.read(file)
    project.write(file, version.replace("'0.1.0'", "'9.9.9'"))
    try {
      const { code, output } = await jest(config)
      // From the cache it would have run: the engine refuses what a compiler of another version than its own made.
      expect(code, output).toBe(1)
      expect(output).toContain('it was compiled by catga 9.9.9+')
    } finally {
      project.write(file, version)
    }
  })

  test('a mistake in process code fails the test file, with code and frame', async () => {
    project.copy(join(packageRoot, 'fixtures', 'reject', 'step-not-async', 'input.ts'), 'src/refused.process.ts')
    project.write(
      'src/refused.test.ts',
      `import { OrderProcess } from './refused.process'\n\ntest('runs', () => expect(OrderProcess).toBeDefined())\n`,
    )
    try {
      const { code, output } = await jest(config, 'refused')
      expect(code, output).toBe(1)
      expect(output).toContain('Test suite failed to run')
      expect(output).toMatch(/src\/refused\.process\.ts[:(]11[:,]3\)?[:\s-]+error (?:TS900101: )?CATGA101: Step "reserve" is not async/)
      expect(output).toMatch(/11 \|?\s+reserve\(id: string\) \{/)
    } finally {
      rmSync(project.file('src/refused.process.ts'))
      rmSync(project.file('src/refused.test.ts'))
    }
  })
})

/** ts-jest looks for transformers beside itself, which is in the project for a user and in the repository here. */
function fromProject(config: string): string {
  const path = createRequire(project.file('package.json')).resolve('catga/ts-jest')
  return config.replace("'catga/ts-jest'", JSON.stringify(path))
}

function linesOf(covered: Coverage | undefined, counts: (count: number) => boolean): readonly number[] {
  const lines = Object.entries(covered?.statementMap ?? {}).filter(([id]) => counts(covered?.s[id] ?? -1))
  return [...new Set(lines.map(([, { start }]) => start.line))].sort((a, b) => a - b)
}
