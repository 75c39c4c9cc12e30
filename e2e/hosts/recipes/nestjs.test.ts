/** `nest build` with each builder, of one project with a process that Nest's container can build. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HostProject, installedNodes, type HostRunOptions } from '../../support/host-project.ts'
import { packageRoot } from '../../support/package-root.ts'
import { stripVTControlCharacters } from 'node:util'
import { RecipePage } from './recipe-page.ts'

const page = new RecipePage('nestjs')
const TOOLS = [
  '@nestjs/cli',
  '@nestjs/common',
  '@nestjs/core',
  'reflect-metadata',
  'rxjs',
  'typescript',
  '@swc/core',
  '@swc/cli',
  'ts-loader',
]

const BUILDERS = ['tsc', 'swc', 'webpack', 'rspack'] as const

/** What the CLI installs declares Node 22. */
const nest: HostRunOptions =
  Number(process.versions.node.split('.')[0]) < 22 && installedNodes().includes('node22') ? { node: 'node22' } : {}

const PAYMENTS = `import { Injectable } from '@nestjs/common'

@Injectable()
export class Payments {
  async charge(amount: number): Promise<string> {
    return \`charged \${amount}\`
  }

  async refund(receipt: string): Promise<void> {
    console.log(\`refunded \${receipt}\`)
  }
}
`

/** An object that the container built, run by the engine. */
const CONTAINER = `import { ModuleRef, NestFactory } from '@nestjs/core'
import { createApp, MemoryJournalStore } from 'catga'
import { OrderProcess } from './order.process'

export async function runBuiltByContainer(module: new () => object): Promise<void> {
  const nest = await NestFactory.createApplicationContext(module, { logger: false })
  const built = await nest.get(ModuleRef).create(OrderProcess)
  const app = createApp({ journal: new MemoryJournalStore() }).process(OrderProcess, () => built)
  console.log('container', await app.run(OrderProcess, { id: 'o2', amount: 7 }))
  await app.close()
  console.log('singleton', nest.get(OrderProcess) instanceof OrderProcess)
  await nest.close()
}
`

const TSCONFIG = {
  compilerOptions: {
    module: 'nodenext',
    target: 'ES2023',
    types: ['node'],
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    strict: true,
    noUnusedLocals: true,
    skipLibCheck: true,
    sourceMap: true,
    rootDir: 'src',
    outDir: 'dist',
  },
  include: ['src'],
}

let project: HostProject
beforeAll(async () => {
  project = await HostProject.create({ tools: TOOLS, type: 'commonjs' })
  project.write('tsconfig.json', JSON.stringify(TSCONFIG))
  project.write('src/payments.ts', PAYMENTS)
  project.write('src/container.ts', CONTAINER)
  page.write(project, 'src/order.process.ts', 'src/main.ts', 'webpack.config.js', 'rspack.config.js')
  project.write(
    'src/main.ts',
    `import { runBuiltByContainer } from './container'\n${page.block('src/main.ts')}\nvoid runBuiltByContainer(AppModule)\n`,
  )
}, 240_000)
afterAll(() => project?.[Symbol.dispose]())

function build(builder: (typeof BUILDERS)[number]) {
  page.write(project, `nest-cli.json:${builder}`)
  const { env, args } =
    builder === 'swc' ? page.command('NODE_OPTIONS="--import catga/swc/patch" npx nest build') : { env: {}, args: ['build'] }
  return project.run([project.command('@nestjs/cli', 'nest'), ...args], { ...nest, env })
}

describe.each(BUILDERS)('nest build with builder %s', (builder) => {
  test('a process gets what the container injects and runs', async () => {
    const built = await build(builder)
    expect(built.code, built.output).toBe(0)
    const { output } = await project.run(['--enable-source-maps', 'dist/main.js'])
    expect(
      output
        .split('\n')
        .filter((line) => !line.startsWith('('))
        .sort(),
    ).toEqual(['container o2: charged 7', 'o1: charged 5', 'singleton true'])
  })

  test('a mistake in process code fails the build, with code, place and line', async () => {
    project.copy(join(packageRoot, 'fixtures', 'reject', 'step-not-async', 'input.ts'), 'src/refused.process.ts')
    project.write('src/container.ts', `import './refused.process'\n${CONTAINER}`)
    try {
      const { code, output: colored } = await build(builder)
      const output = stripVTControlCharacters(colored)
      expect(code, output).toBe(1)
      expect(output).toContain('CATGA101: Step "reserve" is not async')
      expect(output).toMatch(/refused\.process\.ts/)
      expect(output).toMatch(/\b11\b/)
      expect(output).toContain('reserve(id: string) {')
    } finally {
      rmSync(project.file('src/refused.process.ts'))
      project.write('src/container.ts', CONTAINER)
    }
  })
})

test.each(['tsc', 'swc'] as const)('nest start --watch with builder %s compiles what changes', async (builder) => {
  page.write(project, `nest-cli.json:${builder}`)
  const { env } = builder === 'swc' ? page.command('NODE_OPTIONS="--import catga/swc/patch" npx nest start') : { env: {} }
  await using watching = project.start([project.command('@nestjs/cli', 'nest'), 'start', '--watch'], { ...nest, env })
  await watching.line(/^o1: charged 5$/)
  const process = page.block('src/order.process.ts')
  project.write('src/order.process.ts', process.replace('${order.id}: ', '${order.id} again: '))
  await watching.line(/^o1 again: charged 5$/)
  project.write('src/order.process.ts', process.replace('private async charge', 'private charge'))
  await watching.line(/CATGA101: .*Step "charge" is not async/)
  project.write('src/order.process.ts', process)
})
