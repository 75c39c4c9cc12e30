/** Bun, loading TypeScript through the plugin and running a bundle. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HostProject } from '../../support/host-project.ts'
import { packageRoot } from '../../support/package-root.ts'
import { installedRuntime, isLinuxX64 } from './binaries.ts'
import { ORDER_OUTPUT, orderMain } from './order-main.ts'
import { ORDER_PROCESS } from './order-process.ts'
import { RecipePage } from './recipe-page.ts'

const page = new RecipePage('bun')
const runtimes = installedRuntime('bun')

test('Bun is installed where continuous integration runs', () => {
  expect(runtimes.length).toBe(isLinuxX64 ? 1 : 0)
})

describe.each(runtimes)('bun', (program) => {
  let project: HostProject
  beforeAll(async () => {
    project = await HostProject.create({ tools: [] })
    project.write('src/order.process.ts', ORDER_PROCESS)
    project.write('src/main.ts', orderMain('./order.process'))
  }, 240_000)
  afterAll(() => project?.[Symbol.dispose]())

  const bun = (command: string) => project.run(page.command(command).args, { program, env: { DO_NOT_TRACK: '1' } })

  test('--preload compiles what is loaded', async () => {
    const { code, output } = await bun('bun --preload')
    expect(code, output).toBe(0)
    expect(output).toMatch(ORDER_OUTPUT)
  })

  test('Bun.build compiles what is bundled', async () => {
    page.write(project, 'build.ts')
    const built = await bun('bun build.ts')
    expect(built.code, built.output).toBe(0)
    const { code, output } = await bun('bun dist/main.js')
    expect(code, output).toBe(0)
    expect(output).toMatch(/^o1: charged 5\no1: charged 5\n/)
  })

  test('bunfig.toml makes bun test compile; a mistake is an error of the import', async () => {
    page.write(project, 'bunfig.toml')
    project.write(
      'src/order.test.ts',
      `import { expect, test } from 'bun:test'\nimport { OrderProcess } from './order.process'\n\ntest('runs plainly', async () => expect(await new OrderProcess().execute({ id: 'o3', amount: 1 })).toBe('o3: charged 1'))\n`,
    )
    const passed = await project.run(['test', 'src/order.test.ts'], { program })
    expect(passed.code, passed.output).toBe(0)
    project.copy(join(packageRoot, 'fixtures', 'reject', 'step-not-async', 'input.ts'), 'src/refused.process.ts')
    const { code, output } = await project.run(['run', 'src/refused.process.ts'], { program })
    expect(code, output).toBe(1)
    expect(output).toContain('src/refused.process.ts(11,3): error CATGA101: Step "reserve" is not async')
  })
})
