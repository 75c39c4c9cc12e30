/** The page's `tsconfig.json` with `tspc`; what the plugin does beside it is tested in `e2e/tspc-*`. */
import { expect, test } from 'vitest'
import { HostProject } from '../../support/host-project.ts'
import { linkSqlite } from './link-sqlite.ts'
import { ORDER_OUTPUT, orderMain } from './order-main.ts'
import { ORDER_PROCESS } from './order-process.ts'
import { RecipePage } from './recipe-page.ts'

test('tspc compiles a project', async () => {
  const page = new RecipePage('tsc')
  using project = await HostProject.create({ tools: ['typescript', 'ts-patch'] })
  linkSqlite(project)
  page.write(project, 'tsconfig.json')
  project.write('src/order.process.ts', ORDER_PROCESS)
  project.write('src/main.ts', orderMain('./order.process.ts'))
  const { args } = page.command('npx tspc')
  const { code, output } = await project.run([project.command('ts-patch', 'tspc'), ...args])
  expect(code, output).toBe(0)
  const ran = await project.run(['--enable-source-maps', 'dist/main.js'])
  expect(ran.output).toMatch(ORDER_OUTPUT)
}, 240_000)
