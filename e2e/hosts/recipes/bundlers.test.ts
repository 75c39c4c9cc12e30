/** The configuration on each bundler's page, copied as it is, builds a project by the bundler's own command, and the program runs. */
import { mkdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HostProject } from '../../support/host-project.ts'
import { RecipePage } from './recipe-page.ts'

const TOOLS = ['vite', 'vitest', 'rollup', 'rolldown', 'webpack', 'webpack-cli', '@rspack/core', '@rspack/cli', 'esbuild', 'ts-loader']
const LOWERING = ['@rollup/plugin-swc', '@swc/core', 'typescript']

const PROCESS = `import { CatgaProcess, ProcessStep } from 'catga'

export interface Order {
  readonly id: string
  readonly amount: number
}

@CatgaProcess({ id: (order: Order) => order.id })
export class OrderProcess {
  async execute(order: Order): Promise<string> {
    return \`\${order.id}: \${await this.charge(order.amount)}\`
  }

  @ProcessStep({ compensate: 'refund' })
  private async charge(amount: number): Promise<string> {
    return \`charged \${amount}\`
  }

  private async refund(_receipt: string): Promise<void> {}
}
`

const MAIN = `import { createApp, MemoryJournalStore } from 'catga'
import { OrderProcess } from './order.process.ts'

const app = createApp({ journal: new MemoryJournalStore() }).process(OrderProcess, () => new OrderProcess())
console.log(await app.run(OrderProcess, { id: 'o1', amount: 5 }))
await app.close()
`

const TSCONFIG = {
  compilerOptions: {
    target: 'ES2022',
    module: 'ESNext',
    moduleResolution: 'Bundler',
    allowImportingTsExtensions: true,
    noEmit: true,
    types: [],
  },
}

let project: HostProject
beforeAll(async () => {
  project = await HostProject.create({ tools: [...TOOLS, ...LOWERING] })
  mkdirSync(project.file('src'))
  project.write('src/order.process.ts', PROCESS)
  project.write('src/main.ts', MAIN)
  project.write('tsconfig.json', JSON.stringify(TSCONFIG))
}, 60_000)
afterAll(() => project?.[Symbol.dispose]())

test.each([
  { name: 'vite', file: 'vite.config.ts', tool: 'vite', command: 'vite', args: ['build'] },
  { name: 'rollup', file: 'rollup.config.js', tool: 'rollup', command: 'rollup', args: ['-c'] },
  { name: 'rolldown', file: 'rolldown.config.ts', tool: 'rolldown', command: 'rolldown', args: ['-c'] },
  { name: 'webpack', file: 'webpack.config.js', tool: 'webpack-cli', command: 'webpack-cli', args: ['build', '--mode', 'production'] },
  { name: 'rspack', file: 'rspack.config.js', tool: '@rspack/cli', command: 'rspack', args: ['build', '--mode', 'production'] },
])('the configuration of $name', async ({ name, file, tool, command, args }) => {
  new RecipePage(name).write(project, file)
  const built = await project.run([project.command(tool, command), ...args])
  expect(built.code, built.output).toBe(0)
  const output = ['dist/main.js', 'dist/main.mjs'].find((path) => project.has(path))
  expect(await run(output)).toEqual({ code: 0, output: 'o1: charged 5' })
})

test('the build script of esbuild', async () => {
  new RecipePage('esbuild').write(project, 'build.mjs')
  const built = await project.run(['build.mjs'])
  expect(built.code, built.output).toBe(0)
  expect(await run('dist/main.js')).toEqual({ code: 0, output: 'o1: charged 5' })
})

test('the configuration and the test of vitest', async () => {
  new RecipePage('vitest').write(project, 'vitest.config.ts', 'src/order.test.ts')
  const { code, output } = await project.run([project.command('vitest', 'vitest'), 'run'])
  expect(code, output).toBe(0)
  expect(output).toMatch(/1 passed/)
})

async function run(file: string | undefined): Promise<{ readonly code: number | null; readonly output: string }> {
  const { code, output } = await project.run(['--no-warnings', file ?? 'there is no output'])
  project.remove('dist')
  return { code, output }
}
