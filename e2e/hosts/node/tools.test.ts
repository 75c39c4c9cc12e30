/** What becomes JavaScript by which tool, and that the program is the same. */
import { mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HostProject } from '../../support/host-project.ts'
import { packageRoot } from '../../support/package-root.ts'
import { printed, REGISTER } from './loader-project.ts'

/** Decorators of other people's, class fields that hide a setter, `using`, an enum: what tools lower each in their own way. */
const PROCESS = `import { CatgaProcess, ProcessStep } from 'catga'

enum Size { Small = 'small', Large = 'large' }
const seen: string[] = []
function noted(_target: unknown, context: ClassMemberDecoratorContext | string) {
  seen.push(typeof context === 'string' ? context : String(context.name))
}
class Prices {
  free?: boolean
  of(amount: number): number { return this.free === undefined && 'free' in this ? amount * 3 : amount * 2 }
}
export const decorated: readonly string[] = seen

@CatgaProcess()
export class OrderProcess {
  constructor(private readonly prices: Prices = new Prices()) {}
  async execute(amount: number): Promise<string> {
    const weigh = async (value: number) => (await this.price(value)) > 100 ? Size.Large : Size.Small
    return [await weigh(amount), OrderProcess.name, weigh.name].join(' ')
  }
  @noted
  @ProcessStep()
  private async price(amount: number): Promise<number> {
    using _lock = { [Symbol.dispose]() { seen.push('unlocked') } }
    return this.prices.of(amount)
  }
}
`
const APP = `import { createApp, createClient, MemoryJournalStore } from 'catga'
const { OrderProcess, decorated } = await import('./order.process.ts')
const journal = new MemoryJournalStore()
const app = createApp({ journal }).process(OrderProcess, () => new OrderProcess())
const result = await app.run(OrderProcess, 50, { id: 'A' })
const entries = []
for await (const { at, ...entry } of createClient({ journal }).read({ process: 'OrderProcess', id: 'A' })) entries.push(entry)
await app.close()
const metadata = globalThis.Reflect.metadataOf?.(OrderProcess.prototype)
console.log(JSON.stringify({ result, decorated, entries, metadata }))
`
/** As much of metadata as decorators need. */
const REFLECT = `const found = {}
Reflect.metadata = (key, value) => (_target, name) => { (found[String(name)] ??= {})[key] = Array.isArray(value) ? value.map(({ name }) => name) : value?.name }
Reflect.metadataOf = () => found
`

let project: HostProject
beforeAll(async () => {
  project = await HostProject.create({ tools: [] })
  project.write('reflect.mjs', REFLECT)
}, 120_000)
afterAll(() => project?.[Symbol.dispose]())

/** A folder of the project with tools of its own; `typescript=typescript7` as elsewhere. */
function folder(name: string, tools: readonly string[], compilerOptions: object = {}, type = 'module'): string {
  for (const tool of tools) {
    const [as = tool, installed = as] = tool.split('=')
    const link = project.file(name, 'node_modules', as)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(packageRoot, 'e2e', 'tools', 'node_modules', installed), link, 'junction')
  }
  project.write(`${name}/package.json`, JSON.stringify({ type }))
  project.write(`${name}/tsconfig.json`, JSON.stringify({ compilerOptions }))
  project.write(`${name}/order.process.ts`, PROCESS)
  project.write(`${name}/app.mjs`, APP)
  return project.file(name, 'app.mjs')
}

async function found(name: string, tools: readonly string[], compilerOptions: object = {}, type = 'module'): Promise<unknown> {
  const file = folder(name, tools, compilerOptions, type)
  const { code, output } = await project.run(['--import', './reflect.mjs', ...REGISTER, file])
  expect(code, output).toBe(0)
  return printed(output)
}

const TOOLS = ['esbuild', '@swc/core', 'typescript'] as const

describe.each([
  ['standard decorators', {}],
  ['legacy decorators', { experimentalDecorators: true }],
  ['fields that are assigned', { useDefineForClassFields: false }],
  ['fields of an old target', { target: 'ES2020', experimentalDecorators: true }],
])('%s', (name, compilerOptions) => {
  const defines = !('target' in compilerOptions || 'useDefineForClassFields' in compilerOptions)
  test.each(['module', 'commonjs'])('are the same program by every tool, as %s', async (type) => {
    const programs = await Promise.all(
      TOOLS.map((tool) => found([name, tool, type].join('-').replace(/\W/g, '-'), [tool], compilerOptions, type)),
    )
    expect(programs[0]).toMatchObject({ result: `${defines ? 'large' : 'small'} OrderProcess weigh`, decorated: ['price', 'unlocked'] })
    expect(programs[1]).toEqual(programs[0])
    expect(programs[2]).toEqual(programs[0])
  })
})

test('decorator metadata is made by tools that know types, also where esbuild is there', async () => {
  const options = { experimentalDecorators: true, emitDecoratorMetadata: true }
  const programs = await Promise.all([
    found('metadata-swc', ['esbuild', '@swc/core', 'typescript=typescript7'], options),
    found('metadata-typescript', ['esbuild', 'typescript'], options),
  ])
  for (const program of programs) {
    expect(program).toMatchObject({ metadata: { price: { 'design:paramtypes': ['Number'], 'design:returntype': 'Promise' } } })
  }
})

test.each([
  ['nothing', [], {}, 'npm install --save-dev esbuild'],
  ['TypeScript 7 alone', ['typescript=typescript7'], {}, 'npm install --save-dev esbuild'],
  ['esbuild for metadata', ['esbuild'], { experimentalDecorators: true, emitDecoratorMetadata: true }, 'npm install --save-dev @swc/core'],
])('with %s it says what to install', async (name, tools, options, command) => {
  const file = folder(`without-${name.replace(/\W/g, '-')}`, tools, options)
  const { code, output } = await project.run([...REGISTER, file])
  expect(code).toBe(1)
  expect(output).toContain('ERR_CATGA_NO_LOWERING_TOOL')
  expect(output).toContain(command)
})
