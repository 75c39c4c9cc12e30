/** Deno, loading TypeScript through `catga/register` and running what `catga build --swc` wrote. */
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { HostProject } from '../../support/host-project.ts'
import { packageRoot } from '../../support/package-root.ts'
import { installedRuntime, isLinuxX64 } from './binaries.ts'
import { ORDER_OUTPUT, orderMain } from './order-main.ts'
import { ORDER_PROCESS } from './order-process.ts'
import { RecipePage } from './recipe-page.ts'

const page = new RecipePage('deno')
const runtimes = installedRuntime('deno')

test('Deno is installed where continuous integration runs', () => {
  expect(runtimes.length).toBe(isLinuxX64 ? 1 : 0)
})

describe.each(runtimes)('deno', (program) => {
  const projects: HostProject[] = []
  afterAll(() => projects.forEach((project) => project[Symbol.dispose]()))

  async function projectWith(tool: string, processModule: string): Promise<HostProject> {
    const project = await HostProject.create({ tools: [tool] })
    projects.push(project)
    const manifest = JSON.parse(project.read('package.json')) as object
    project.write('package.json', JSON.stringify({ ...manifest, dependencies: { catga: '*' } }))
    project.write('src/order.process.ts', ORDER_PROCESS)
    project.write('src/main.ts', orderMain(processModule))
    return project
  }

  const env = (project: HostProject) => ({ DENO_DIR: project.file('.deno'), DENO_NO_UPDATE_CHECK: '1' })

  test('compiles processes as it loads them', async () => {
    const project = await projectWith('esbuild', './order.process.ts')
    const { args } = page.command('deno run --allow-all --preload')
    const { code, output } = await project.run(args, { program, env: env(project) })
    expect(code, output).toBe(0)
    expect(output).toMatch(ORDER_OUTPUT)
    project.copy(join(packageRoot, 'fixtures', 'reject', 'step-not-async', 'input.ts'), 'src/order.process.ts')
    const refused = await project.run(args, { program, env: env(project) })
    expect(refused.code, refused.output).toBe(1)
    expect(refused.output).toContain('order.process.ts(11,3): error CATGA101: Step "reserve" is not async')
  }, 240_000)

  test('runs compiled processes', async () => {
    const project = await projectWith('@swc/core', './order.process.js')
    page.write(project, '.swcrc')
    const built = await project.run([project.command('catga'), ...page.command('npx catga build').args])
    expect(built.code, built.output).toBe(0)
    const { code, output } = await project.run(page.command('deno run --allow-all dist').args, { program, env: env(project) })
    expect(code, output).toBe(0)
    expect(output).toMatch(ORDER_OUTPUT)
  }, 240_000)
})
