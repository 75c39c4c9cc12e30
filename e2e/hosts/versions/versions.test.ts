/** What has to hold on every Node: results of compiled code, the stores' contract, and orders that survive a kill. */
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { VERSION } from '../../../transformer/hosts/compiler-version.ts'
import { NodeProcess } from '../../support/child-process.ts'
import { type CompiledProject, compileProject } from '../../support/compiled-project.ts'
import { HostProject, nodeBinary, type NodeVersion } from '../../support/host-project.ts'
import { packageRoot } from '../../support/package-root.ts'
import { TemporaryFolder } from '../../support/temporary-folder.ts'
import { ProjectForEveryNode } from '../node/every-node.ts'
import { NODES, nodeOption, printed } from '../node/loader-project.ts'
import { CONFORMANCE_PROGRAM, FIXTURES_PROGRAM } from './programs.ts'

const FIXTURES = join(packageRoot, 'fixtures')
const CASES = readdirSync(join(FIXTURES, 'compile'))

let projects: ProjectForEveryNode
let orders: CompiledProject
beforeAll(async () => {
  projects = await ProjectForEveryNode.create(programs)
  orders = await compiledOrders()
}, 120_000)
afterAll(() => {
  projects?.[Symbol.dispose]()
  orders?.[Symbol.dispose]()
})

/** A user's project with the fixtures as `tspc` compiles them. */
async function programs(): Promise<HostProject> {
  const project = await HostProject.create({ tools: [] })
  project.write('fixtures.mjs', FIXTURES_PROGRAM)
  project.write('conformance.mjs', CONFORMANCE_PROGRAM)
  for (const name of ['fixture.ts', 'run-fixture.ts', ...CASES.map((name) => `compile/${name}/run.ts`)]) {
    project.write(name.replace(/\.ts$/, '.js'), withoutTypes(readFileSync(join(FIXTURES, name), 'utf8')))
  }
  for (const name of CASES) {
    const expected = readFileSync(join(FIXTURES, 'compile', name, 'expected.js'), 'utf8')
    project.write(`compile/${name}/input.js`, expected.replaceAll(/(?<=compiler: )['"]version['"]/g, JSON.stringify(VERSION)))
  }
  return project
}

function withoutTypes(source: string): string {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, rewriteRelativeImportExtensions: true }
  return ts.transpileModule(source, { compilerOptions }).outputText
}

async function compiledOrders(): Promise<CompiledProject> {
  using sources = new TemporaryFolder('order-sources')
  cpSync(join(packageRoot, 'examples', '01-order'), sources.path, {
    recursive: true,
    filter: (path) => path.endsWith('01-order') || (path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.includes('dist')),
  })
  return await compileProject(sources.path)
}

interface WorldLine {
  readonly what: 'asked' | 'done'
  readonly orderId: string
  readonly effect: string
  readonly key: string
}

/** Requests that hang until the kill: before they have their effect, and after it and before the answer. */
const STALLS = [
  { orderId: 'A-1003', effect: 'charge card', when: 'after' },
  { orderId: 'A-1004', effect: 'ship parcel', when: 'before' },
  { orderId: 'A-1005', effect: 'send apology', when: 'before' },
  { orderId: 'A-1006', effect: 'reserve inventory', when: 'before' },
]
const PLACED = ['charge card', 'reserve inventory', 'send confirmation', 'ship parcel']
const UNDONE = ['charge card', 'refund card', 'release inventory', 'reserve inventory', 'send apology', 'send confirmation']

describe.each(NODES.map((node) => ({ name: node ?? process.version, node })))('$name', ({ node }) => {
  test.concurrent('runs every compiled case as the source says', async () => {
    const { output } = await projects.for(node).run(['fixtures.mjs'], nodeOption(node))
    const { failures, plain, durable } = printed(output) as {
      readonly failures: readonly string[]
      readonly plain: number
      readonly durable: number
    }
    expect(failures).toEqual([])
    expect(plain).toBe(durable)
    expect(plain).toBeGreaterThanOrEqual(CASES.length)
  })

  test.concurrent('keeps the contract of stores, in memory and in SQLite', async () => {
    const { output } = await projects.for(node).run(['conformance.mjs'], nodeOption(node))
    interface Found {
      readonly failures: readonly string[]
      readonly memory: number
      readonly sqlite: number
      readonly total: { readonly memory: number; readonly sqlite: number }
    }
    const { failures, total, ...passed } = printed(output) as Found
    expect(failures).toEqual([])
    expect(passed).toEqual(total)
    expect(Math.min(total.memory, total.sqlite)).toBeGreaterThan(40)
  })

  test.concurrent('finishes orders that a kill caught, with no effect lost or doubled', async () => {
    const [journal, world] = [orders.file(`${node ?? 'own'}.db`), orders.file(`${node ?? 'own'}.jsonl`)]
    const lines = (): readonly WorldLine[] => worldIn(world)
    await using killed = worker(node, [journal, world, JSON.stringify(STALLS)])
    await expect
      .poll(
        () =>
          STALLS.every(({ orderId, effect, when }) =>
            lines().some(
              (line) => line.orderId === orderId && line.effect === effect && line.what === (when === 'after' ? 'done' : 'asked'),
            ),
          ),
        { timeout: 60_000, interval: 20 },
      )
      .toBe(true)
    expect(await killed.kill()).toMatchObject({ signal: 'SIGKILL' })
    await using restarted = worker(node, [journal, world])
    const { code, output } = await restarted.ended()
    expect(code, output).toBe(0)
    const done = lines().filter(({ what }) => what === 'done')
    expect(new Set(done.map(({ key }) => key)).size).toBe(done.length)
    const effects = (order: string): readonly string[] =>
      done
        .filter(({ orderId }) => orderId === order)
        .map(({ effect }) => effect)
        .sort()
    expect(effects('A-1005')).toEqual(UNDONE)
    for (const order of ['A-1001', 'A-1002', 'A-1003', 'A-1004', 'A-1006']) expect(effects(order), order).toEqual(PLACED)
  })
})

function worker(node: NodeVersion | undefined, args: readonly string[]): NodeProcess {
  return new NodeProcess([orders.output('worker.ts'), ...args], node === undefined ? {} : { program: nodeBinary(node) })
}

/** What reached the outside world; a line that is being written counts when it is whole. */
function worldIn(file: string): readonly WorldLine[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as WorldLine)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw new Error(`${basename(file)} cannot be read.`, { cause: error })
  }
}
