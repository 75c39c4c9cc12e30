/** `next build` with both bundlers, and `next start` answering with what a process returned. */
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join, parse } from 'node:path'
import { rmSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HostProject } from '../../support/host-project.ts'
import { packageRoot } from '../../support/package-root.ts'
import { ORDER_ANSWER, ORDER_PROCESS } from './order-process.ts'
import { RecipePage } from './recipe-page.ts'

const page = new RecipePage('nextjs')
const BUNDLERS = ['turbopack', 'webpack'] as const
const env = { NEXT_TELEMETRY_DISABLED: '1' }

/** What the tests add: tools are linked from the repository, and React's types, which Next would install, are not needed here. */
function config(bundler: (typeof BUNDLERS)[number]): string {
  return `import config from './recipe.${bundler}.mjs'

export default {
  ...config,
  typescript: { ignoreBuildErrors: true },
  ...(config.turbopack && { turbopack: { ...config.turbopack, root: ${JSON.stringify(parse(packageRoot).root)} } }),
}
`
}

const TSCONFIG = {
  compilerOptions: { target: 'ES2022', module: 'esnext', moduleResolution: 'bundler', jsx: 'react-jsx', strict: true, noEmit: true },
  include: ['**/*.ts'],
}

let project: HostProject
beforeAll(async () => {
  project = await HostProject.create({ tools: ['next', 'react', 'react-dom', 'typescript'] })
  project.write('node_modules/@types/react/package.json', JSON.stringify({ name: '@types/react', version: '19.0.0', types: 'index.d.ts' }))
  project.write('node_modules/@types/react/index.d.ts', 'export {}\n')
  project.write('tsconfig.json', JSON.stringify(TSCONFIG))
  project.write('lib/order.process.ts', ORDER_PROCESS)
  page.write(project, 'lib/orders.ts', 'app/orders/route.ts')
  for (const bundler of BUNDLERS) project.write(`recipe.${bundler}.mjs`, page.block(`next.config.mjs:${bundler}`))
}, 240_000)
afterAll(() => project?.[Symbol.dispose]())

async function build(bundler: (typeof BUNDLERS)[number]) {
  project.write('next.config.mjs', config(bundler))
  const { code, output } = await project.run([project.command('next'), 'build', `--${bundler}`], { env })
  return { code, output: stripVTControlCharacters(output) }
}

describe.each(BUNDLERS)('next build --%s', (bundler) => {
  test('a route answers with what a process returned', async () => {
    const { code, output } = await build(bundler)
    expect(code, output).toBe(0)
    const port = await freePort()
    await using server = project.start([project.command('next'), 'start', '-H', '127.0.0.1', '-p', String(port)], { env })
    await server.line(/Ready in/)
    const answer = await fetch(`http://127.0.0.1:${port}/orders`, { method: 'POST', body: JSON.stringify({ id: 'o1', amount: 5 }) })
    expect(await answer.json()).toBe(ORDER_ANSWER)
  })

  test('a mistake in process code fails the build, with code, place and frame', async () => {
    project.copy(join(packageRoot, 'fixtures', 'reject', 'step-not-async', 'input.ts'), 'lib/refused.process.ts')
    project.write(
      'app/refused/route.ts',
      `import { OrderProcess } from '../../lib/refused.process'\n\nexport const GET = () => new Response(OrderProcess.name)\n`,
    )
    try {
      const { code, output } = await build(bundler)
      expect(code, output).toBe(1)
      expect(output).toContain('lib/refused.process.ts(11,3): error CATGA101: Step "reserve" is not async')
      expect(output).toMatch(/> 11 \|\s+reserve\(id: string\) \{/)
    } finally {
      rmSync(project.file('lib/refused.process.ts'))
      rmSync(project.file('app/refused'), { recursive: true })
    }
  })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('No port is free.')
  return address.port
}
