/** Which files are compiled, as what, and what is said of them: on the running Node alone and on the newest. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { HostProject } from '../../support/host-project.ts'
import { loaderProject, NODES, nodeOption, printed, REGISTER, TSX } from './loader-project.ts'

/** A process whose step says where it is; `body` goes into `execute`, `members` beside it. */
const processText = (body = '', members = ''): string => `import { CatgaProcess, ProcessStep } from 'catga'
${members}
@CatgaProcess()
export class Greeting {
  constructor(private readonly words = 'hello') {}
  async execute(name: string): Promise<string> {
    ${body}
    return await this.greet(name)
  }
  @ProcessStep()
  private async greet(name: string): Promise<string> {
    return [this.words, name].join(' ')
  }
}
`
const RUN = `
async function greet(Greeting) {
  const { createApp, MemoryJournalStore } = await import('catga')
  const app = createApp({ journal: new MemoryJournalStore() }).process(Greeting, () => new Greeting())
  try {
    return await app.run(Greeting, 'ada', { id: 'ada' })
  } finally {
    await app.close()
  }
}
`
/** An ES module in JavaScript that imports the process from a file, runs it and prints the module's format by what it has. */
const importing = (file: string): string => `${RUN}
import * as names from './${file}'
console.log(JSON.stringify({ greeting: await greet(names.Greeting), names: Object.keys(names).filter((name) => name !== 'module.exports') }))
`

let project: HostProject
beforeAll(async () => {
  project = await loaderProject(['esbuild', 'tsx'])
}, 120_000)
afterAll(() => project?.[Symbol.dispose]())

const newest = NODES.at(-1)
const nodes = [...new Set([undefined, newest])].map((node) => ({ name: node ?? process.version, node }))

describe.each(nodes)('$name', ({ name, node }) => {
  const folder = (test: string): string => `${test}-${name}`
  const run = async (file: string, flags: readonly string[] = []) =>
    project.run([...REGISTER, ...flags, project.file(file)], nodeOption(node))
  const write = (test: string, files: Readonly<Record<string, string>>): string => {
    for (const [file, text] of Object.entries(files)) project.write(`${folder(test)}/${file}`, text)
    return folder(test)
  }

  test.each([
    ['module', 'ts', ['Greeting']],
    ['module', 'mts', ['Greeting']],
    ['module', 'cts', ['Greeting', 'default']],
    ['commonjs', 'ts', ['Greeting', 'default']],
    ['commonjs', 'cts', ['Greeting', 'default']],
    ['commonjs', 'mts', ['Greeting']],
    [undefined, 'ts', ['Greeting']],
  ])('in a package of type %s .%s exports %j', async (type, extension, names) => {
    const at = write(`${type ?? 'none'}-${extension}`, {
      'package.json': JSON.stringify({ type }),
      [`greeting.${extension}`]: processText(),
      'app.mjs': importing(`greeting.${extension}`),
    })
    const { code, output } = await run(`${at}/app.mjs`)
    expect(code, output).toBe(0)
    expect(printed(output)).toEqual({ greeting: 'hello ada', names })
  })

  test.each([
    ['.cts', 'module', 'mjs'],
    ['.ts', undefined, 'ts'],
  ])('a %s process in a package of type %s meets the program’s .%s beside tsx', async (extension, type, entry) => {
    const at = write(`tsx${extension}`, {
      'package.json': JSON.stringify({ type }),
      [`greeting${extension}`]: processText('', "export { state } from './state'")
        .replace('return await', 'state.calls++; return await')
        .replace('export { state }', 'import { state }'),
      'state.ts': 'export const state = { calls: 0 }',
      [`app.${entry}`]: `import { createApp, MemoryJournalStore } from 'catga'
import { Greeting } from './greeting${extension}'
import { state } from './state'
const app = createApp({ journal: new MemoryJournalStore() }).process(Greeting, () => new Greeting())
void app.run(Greeting, 'ada', { id: 'ada' }).then(async (greeting) => {
  console.log(JSON.stringify({ greeting, calls: state.calls }))
  await app.close()
})`.replace("from './state'", entry === 'mjs' ? "from './state.ts'" : "from './state'"),
    })
    for (const flags of [
      [...TSX, ...REGISTER],
      [...REGISTER, ...TSX],
    ]) {
      const { output } = await project.run([...flags, project.file(at, `app.${entry}`)], nodeOption(node))
      expect(printed(output)).toMatchObject({ greeting: 'hello ada', ...(entry === 'ts' && { calls: 1 }) })
    }
  })

  test('"module": "commonjs" of tsconfig.json decides where package.json says nothing', async () => {
    const at = write('tsconfig-module', {
      'package.json': '{}',
      'tsconfig.json': '{ "compilerOptions": { "module": "CommonJS" } }',
      'greeting.ts': `${processText()}\nexport const isCommonJs = typeof require === 'function' && module.exports !== undefined`,
      'app.mjs': importing('greeting.ts'),
    })
    const { output } = await run(`${at}/app.mjs`)
    expect(printed(output)).toEqual({ greeting: 'hello ada', names: ['Greeting', 'default', 'isCommonJs'] })
  })

  test('decorators are lowered as the project says that a tsconfig.json refers to', async () => {
    const at = write('references', {
      'package.json': '\uFEFF{ "type": "module" }',
      'tsconfig.json': '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }] }',
      'tsconfig.app.json': '{ "compilerOptions": { "experimentalDecorators": true }, "include": ["*.ts"] }',
      'greeting.ts': processText(
        '',
        'const keys: string[] = []\nfunction keyed(_target: unknown, key: unknown, _descriptor: unknown): any { keys.push(typeof key) }',
      )
        .replace('@ProcessStep()', '@keyed @ProcessStep()')
        .replace('[this.words, name]', '[this.words, name, ...keys]'),
      'app.mjs': importing('greeting.ts'),
    })
    const { output } = await run(`${at}/app.mjs`)
    expect(printed(output)).toEqual({ greeting: 'hello ada string', names: ['Greeting'] })
  })

  test('a process in .tsx and one in .js with JSDoc', async () => {
    const plain = processText()
      .replace('private readonly words', 'words')
      .replace(/(?<=\(name): string|: Promise<string>/g, '')
      .replace(/private /g, '')
      .replace('{}\n', '{ this.words = words }\n')
      .replace('  @ProcessStep', '  /** @param {string} name @returns {Promise<string>} */\n  @ProcessStep')
    const view = `const element = <b title="hello">{'x'}</b>\nfunction h(tag: string, props: { title: string }) { return props.title }\n`
    const at = write('syntax', {
      'package.json': '{ "type": "module" }',
      'tsconfig.json': '{ "compilerOptions": { "jsx": "react", "jsxFactory": "h" } }',
      'view.tsx': processText('', view).replace("words = 'hello'", 'words = element'),
      'plain.js': plain,
      'app.mjs': `${RUN}
import { Greeting as View } from './view.tsx'
import { Greeting as Plain } from './plain.js'
console.log(JSON.stringify([await greet(View), await greet(Plain)]))`
        .replace('JSON.stringify([', 'JSON.stringify({ found: [')
        .replace(')])', ')] })'),
    })
    const { output } = await run(`${at}/app.mjs`)
    expect(printed(output)).toEqual({ found: ['hello ada', 'hello ada'] })
  })

  test('an ES module is one module for require and for import, and an entry in CommonJS is the main module', async () => {
    const at = write('one', {
      'package.json': '{ "type": "module" }',
      'greeting.ts': processText(),
      'main.cts': `${processText()}
void import('./greeting.ts').then((imported) => {
  const required = require('./greeting.ts')
  console.log(JSON.stringify({ same: imported.Greeting === required.Greeting, main: require.main === module }))
})`,
    })
    const { output } = await run(`${at}/main.cts`)
    expect(printed(output)).toEqual({ same: true, main: true })
  })

  test('finds .ts files by .js specifiers, without an extension, and by paths', async () => {
    const at = write('resolution', {
      'package.json': '{ "type": "module" }',
      'tsconfig.json': '{ "compilerOptions": { "paths": { "#app/*": ["./src/*"], "@app/*": ["./src/*"] } } }',
      'src/greeting.ts': processText(),
      'src/index.ts': `export { Greeting } from './greeting'`,
      'app.ts': `${RUN.replace('(Greeting)', '(Greeting: any)')}
import { Greeting } from './src/greeting.js'
import { Greeting as short } from './src/greeting'
import { Greeting as index } from './src'
import { Greeting as path } from '@app/greeting.js'
console.log(JSON.stringify({ greeting: await greet(Greeting), one: new Set([Greeting, short, index, path]).size }))`,
    })
    const { output } = await run(`${at}/app.ts`)
    expect(printed(output)).toEqual({ greeting: 'hello ada', one: 1 })
    project.write(`${at}/wrong.ts`, `import './src/nowhere.js'`)
    expect((await run(`${at}/wrong.ts`)).output).toContain('ERR_MODULE_NOT_FOUND')
  })

  test.each(['module', 'commonjs'])('a mistake in a file of type %s is the error of its import', async (type) => {
    const source = processText("this.greet('nobody')")
    const at = write(`mistake-${type}`, {
      'package.json': JSON.stringify({ type }),
      'greeting.ts': source,
      'app.mjs': `import('./greeting.ts').catch(({ code, message, mistakes }) => console.log(JSON.stringify({ code, message, mistakes })))`,
      'static.mjs': `import './greeting.ts'`,
    })
    const line = source.split('\n').findIndex((text) => text.includes('nobody')) + 1
    const caught = printed((await run(`${at}/app.mjs`)).output) as { readonly message: string }
    expect(caught).toMatchObject({ code: 'CATGA110', mistakes: [{ code: 'CATGA110', line, column: 5 }] })
    expect(caught.message).toContain(`greeting.ts(${line},5): error CATGA110: Nothing awaits`)
    expect(caught.message).toContain(`> ${line} |     this.greet('nobody')`)
    const uncaught = await run(`${at}/static.mjs`)
    expect(uncaught.code).toBe(1)
    expect(uncaught.output).toContain(`greeting.ts(${line},5): error CATGA110`)
  })

  test('warns once through the program’s own warnings', async () => {
    const at = write('warning', {
      'package.json': '{ "type": "module" }',
      'greeting.ts': processText('void process.env["REGION"]'),
      'app.mjs': `process.on('warning', ({ code, name, message }) => { if (name === 'CatgaWarning') console.log(JSON.stringify({ code, message })) })
await import('./greeting.ts')
await import('./greeting.ts?again')`,
    })
    const { output } = await run(`${at}/app.mjs`)
    expect(printed(output)).toMatchObject({
      code: 'CATGA129',
      message: expect.stringContaining('greeting.ts(7,10): warning CATGA129') as string,
    })
    expect(output.split('\n').filter((text) => text.startsWith('{'))).toHaveLength(1)
    const silenced = await run(`${at}/app.mjs`, ['--no-warnings'])
    expect(silenced.output).not.toContain('CatgaWarning')
  })

  test('says what file and line a program stopped at, and where a debugger finds the source', async () => {
    const source = processText('if (name === "ada") throw new RangeError("stop")')
    const at = write('trace', {
      'package.json': '{ "type": "module" }',
      'greeting.ts': source,
      'app.mjs': `import { Greeting } from './greeting.ts'
import { findSourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'
const file = new URL('greeting.ts', import.meta.url)
const { payload } = findSourceMap(file.href) ?? findSourceMap(fileURLToPath(file))
console.log(JSON.stringify({ sources: payload.sources.map((source) => source === file.href), content: payload.sourcesContent[0] }))
await new Greeting().execute('ada')`,
    })
    const { code, output } = await run(`${at}/app.mjs`)
    expect(code).toBe(1)
    expect(printed(output)).toEqual({ sources: [true], content: source })
    expect(output).toMatch(/at Greeting\.execute \(.*greeting\.ts:7:31\)/)
  })

  test('leaves files without a process to whoever else loads them, to the last character', async () => {
    const at = write('plain', {
      'package.json': '{ "type": "module" }',
      'plain.mjs': `export function plain(a) { /* catga */ return a   +   1 }`,
      'typed.ts': `export function typed(a: number): number { /* 'catga' */ return a   +   1 }`,
      'app.mjs': `import { plain } from './plain.mjs'
import { typed } from './typed.ts'
console.log(JSON.stringify({ plain: plain.toString(), typed: typed.toString() }))`,
    })
    const file = project.file(at, 'app.mjs')
    const without = await project.run([...TSX, file], nodeOption(node))
    for (const flags of [
      [...TSX, ...REGISTER],
      [...REGISTER, ...TSX],
    ]) {
      expect(printed((await project.run([...flags, file], nodeOption(node))).output)).toEqual(printed(without.output))
    }
    if (node === undefined) return
    const stripped = await project.run([file], nodeOption(node))
    expect(printed((await run(`${at}/app.mjs`)).output)).toEqual(printed(stripped.output))
  })
})
