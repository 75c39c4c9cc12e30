import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bundler, BundlerProject } from './bundler-project.ts'
import { FORGOTTEN_AWAIT, HELPER } from './greeting.ts'

let project: BundlerProject
beforeAll(async () => {
  project = await BundlerProject.create()
  const { host } = project
  const run = `console.log((await new TracedProcess().execute('ada')), String(TracedProcess.prototype.execute).includes('.call(0'))`
  host.write('undecorated/query.ts', `import { TracedProcess } from './traced.process.ts?v=1'\n${run}\n`)
  host.write('undecorated/raw.ts', `import text from './traced.process.ts?raw'\nprocess.stdout.write(text)\n`)
  host.write('undecorated/text.ts', `import text from './traced.process.ts' with { type: 'text' }\nprocess.stdout.write(text)\n`)
}, 180_000)
afterAll(() => project?.[Symbol.dispose](), 60_000)

async function outputOf(bundler: Bundler, entry: string): Promise<string> {
  const name = `${entry}-${bundler}`
  const built = await project.build(bundler, [{ name, entries: [entry], folder: 'undecorated' }])
  expect(built.get(name)?.errors).toEqual([])
  const { output } = await project.host.run([`${project.output(name)}/${entry}.mjs`])
  return output
}

describe('modules that are a file and more', () => {
  test.each(['vite', 'webpackSwc', 'rspack', 'esbuild'] as const)('%s compiles a file with a query', async (bundler) => {
    expect(await outputOf(bundler, 'query')).toBe('hello ada true')
  })

  test.each([
    ['vite', 'raw'],
    ['webpackSwc', 'raw'],
    ['rspack', 'raw'],
    ['esbuild', 'text'],
  ] as const)('%s leaves a file alone whose text is wanted', async (bundler, entry) => {
    const source = readFileSync(project.host.file('undecorated/traced.process.ts'), 'utf8')
    expect(await outputOf(bundler, entry)).toBe(source.trimEnd())
  })
})

test.each(['vite', 'rollup', 'rolldown'] as const)(
  '%s shows a mistake on the line of the user’s, whatever other plugins did before',
  async (bundler) => {
    const name = `shifted-${bundler}`
    project.host.write('undecorated/broken.process.ts', FORGOTTEN_AWAIT)
    project.host.write('undecorated/helper.ts', HELPER)
    project.host.write('undecorated/broken.ts', `import './broken.process.ts'\n`)
    const built = await project.build(bundler, [{ name, entries: ['broken'], folder: 'undecorated', shifted: 'broken.process.ts' }])
    const [error] = built.get(name)?.errors ?? []
    expect(error).toMatchObject({ message: expect.stringContaining('CATGA110') as string, loc: { line: 7 } })
    expect(error?.frame).toMatch(/^> 7 \| {5}this\.#greet\(name\)$/m)
  },
)
