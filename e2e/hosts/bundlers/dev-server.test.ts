import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BundlerProject } from './bundler-project.ts'
import { FORGOTTEN_AWAIT, HELPER, OTHER_HELPER, PROCESS, RANDOM_HELPER } from './greeting.ts'

const MAIN = `import { createApp, MemoryJournalStore } from 'catga'
import { Greeting } from './greeting.process.ts'

export async function run() {
  const app = createApp({ journal: new MemoryJournalStore() }).process(Greeting, () => new Greeting())
  const result = await app.run(Greeting, 'ada', { id: 'ada' })
  await app.close()
  return result
}
`

let project: BundlerProject
beforeAll(async () => {
  project = await BundlerProject.create()
}, 180_000)
afterAll(() => project?.[Symbol.dispose](), 60_000)

test('Vite’s development server shows an error, and serves the module after the edit that mends it', async () => {
  let again = (): void => {}
  const edit = (file: string, text: string): void => {
    again = () => project.host.write(`served/${file}`, text)
    again()
  }
  project.host.write('served/tsconfig.json', JSON.stringify({ extends: './base.json' }))
  edit('base.json', '{}')
  edit('main.ts', MAIN)
  edit('helper.ts', HELPER)
  edit('greeting.process.ts', FORGOTTEN_AWAIT)
  await using server = project.host.start(['dev-server.mjs', project.host.file('served')])
  const [, port] = await server.line(/^port (\d+)$/)
  const get = async (path: string): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`)
    return `${response.status} ${await response.text()}`
  }
  /** The server sees an edit a moment later; one that follows another at once it may miss, and then it is done again. */
  const getUntil = async (path: string, matches: RegExp): Promise<void> => {
    for (let asked = 1; !matches.test(await get(path)); asked++) {
      await delay(50)
      if (asked % 20 === 0) again()
    }
  }

  expect(await get('/greeting.process.ts')).toMatch(/^500 [^]*CATGA110: Nothing awaits/)
  expect(await get('/run')).toMatch(/^500 CATGA110: Nothing awaits/)
  edit('greeting.process.ts', PROCESS)
  await getUntil('/greeting.process.ts', /^200 [^]*\.\.\.\$s\.call\(0, \[name\]\)/)
  await getUntil('/run', /^200 HELLO ADA$/)

  // Vite would serve what it has of the process: its own text did not change.
  edit('helper.ts', RANDOM_HELPER)
  await getUntil('/greeting.process.ts', /^500 [^]*CATGA122: /)
  await getUntil('/run', /^500 CATGA122: .*Math\.random/)
  edit('helper.ts', OTHER_HELPER)
  await getUntil('/run', /^200 hello ada!$/)
  await getUntil('/greeting.process.ts', /^200 /)

  // Legacy decorators cannot be on #private methods.
  edit('base.json', '{ "compilerOptions": { "experimentalDecorators": true } }')
  await getUntil('/greeting.process.ts', /^500 [^]*CATGA118: /)
  edit('base.json', '{}')
  await getUntil('/run', /^200 hello ada!$/)
})
