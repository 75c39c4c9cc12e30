/** A CommonJS project with what older code has: both ways make the same program of it. */
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { HostProject } from '../../support/host-project.ts'

const OPTIONS = {
  target: 'ES2022',
  lib: ['ES2023', 'ESNext.Disposable'],
  module: 'NodeNext',
  strict: true,
  skipLibCheck: true,
  types: ['node'],
  sourceMap: true,
  declaration: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  jsx: 'react',
  jsxFactory: 'h',
  resolveJsonModule: true,
  allowJs: true,
  rootDir: 'src',
  outDir: 'dist',
}

const FILES = {
  'src/types.ts':
    'export interface Order { id: string }\nexport class Prefix { text = "p" }\nexport namespace Deep { export const one = 1 }\n',
  'src/legacy.ts': 'export = { legacy: () => "legacy" }\n',
  'src/data.json': '{ "answer": 42 }\n',
  'src/plain.js': 'exports.plain = "plain"\n',
  'src/sub/modern.mts': 'export const modern: string = import.meta.url.slice(-10)\n',
  'src/view.tsx': `const h = (tag: string, _: unknown, ...inner: unknown[]): string => \`<\${tag}>\${inner.join('')}\`
declare global { namespace JSX { type Element = string; interface IntrinsicElements { b: object } } }
export const view = (text: string): string => <b>{text}</b>
`,
  'src/order.process.ts': `import 'reflect-metadata'
import { CatgaProcess, ProcessStep } from 'catga'
import data from './data.json'
import legacy = require('./legacy')
import { plain } from './plain'
import { Deep, type Order, Prefix } from './types'
export const marks: string[] = []
const Mark = (name: string) => (_target: object, key?: string | symbol): void => void marks.push(\`\${name} \${String(key)}\`)
const Parameter = (_target: object, key: string | symbol | undefined, index: number): void => void marks.push(\`\${String(key)} \${index}\`)
@Mark('class')
@CatgaProcess()
export class OrderProcess {
  @Mark('field') field = 1
  constructor(private readonly prefix: Prefix) {}
  async execute(order: Order): Promise<string> {
    const parts: string[] = []
    for (const time of [1, 2]) parts.push(await this.work(order, time))
    return [...parts, await this.modern(), Deep.one, data.answer, legacy.legacy(), plain].join()
  }
  @Mark('before')
  @ProcessStep()
  @Mark('after')
  async work(order: Order, @Parameter time: number): Promise<string> {
    return this.prefix.text + order.id + time
  }
  @ProcessStep()
  async modern(): Promise<string> {
    return (await import('./sub/modern.mjs')).modern
  }
}
`,
  'src/main.ts': `import { createApp, MemoryJournalStore } from 'catga'
import { marks, OrderProcess } from './order.process'
import { Prefix } from './types'
import { view } from './view'
const types = (key?: string): string[] =>
  (Reflect.getMetadata('design:paramtypes', ...(key === undefined ? [OrderProcess] : [OrderProcess.prototype, key]) as [object]) as { name: string }[]).map(({ name }) => name)
async function main(): Promise<void> {
  const app = createApp({ journal: new MemoryJournalStore() }).process(OrderProcess, () => new OrderProcess(new Prefix()))
  console.log(view(await app.run(OrderProcess, { id: 'o' }, { id: 'x' })))
  console.log(JSON.stringify([marks, types(), types('work')]))
  await app.close()
}
void main()
`,
}

test('is the same program by TypeScript 7.1 and by 7.0 with swc', async () => {
  using project = await HostProject.create({
    tools: ['typescript=typescript71', 'typescript7', '@swc/core', 'reflect-metadata'],
    type: 'commonjs',
  })
  for (const [name, text] of Object.entries(FILES)) project.write(name, text)
  const configure = (outDir: string | undefined): void =>
    project.write('tsconfig.json', JSON.stringify({ compilerOptions: { ...OPTIONS, outDir }, include: ['src'] }))
  const build = (...args: readonly string[]) =>
    project.run([project.file('node_modules/catga/dist/cli/main.js'), 'build', '--tsc7', ...args])
  const outputs: (readonly string[])[] = []
  for (const [outDir, args] of [
    ['by71', []],
    ['by70', ['--typescript', 'typescript7']],
  ] as const) {
    configure(outDir)
    const { code, output } = await build(...args)
    expect({ code, output }).toMatchObject({ code: 0 })
    const ran = await project.run([`${outDir}/main.js`])
    expect(ran.output.split('\n')).toEqual([
      '<b>po1,po2,modern.mjs,1,42,legacy,plain',
      '[["field field","work 1","after work","before work","class undefined"],["Prefix"],["Object","Number"]]',
    ])
    outputs.push(readdirSync(project.file(outDir), { recursive: true }).map(String).toSorted())
  }
  expect(outputs[1]).toEqual(outputs[0])

  // Beside the sources, JavaScript would be written over itself.
  configure(undefined)
  for (const args of [[], ['--typescript', 'typescript7']]) {
    await build(...args)
    expect(project.has('src/main.js')).toBe(true)
    expect(project.read('src/plain.js')).toBe(FILES['src/plain.js'])
  }
}, 180_000)
