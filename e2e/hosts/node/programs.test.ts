/** Programs of several threads or processes, code that was compiled before, and `catga run`. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { HostProject } from '../../support/host-project.ts'
import { loaderProject, NODES, nodeOption, printed, REGISTER } from './loader-project.ts'

const GREETING = `import { CatgaProcess, ProcessStep } from 'catga'

@CatgaProcess()
export class Greeting {
  constructor(private readonly words = 'hello') {}
  async execute(name: string): Promise<string> {
    return await this.greet(name)
  }
  @ProcessStep()
  private async greet(name: string): Promise<string> {
    return [this.words, name].join(' ')
  }
}
`
/** Runs the process of the module it is given. */
const GREET = `import { createApp, MemoryJournalStore } from 'catga'
export async function greet({ Greeting }) {
  const app = createApp({ journal: new MemoryJournalStore() }).process(Greeting, () => new Greeting())
  try {
    return await app.run(Greeting, 'ada', { id: 'ada' })
  } finally {
    await app.close()
  }
}
`

let project: HostProject
beforeAll(async () => {
  project = await loaderProject(['esbuild', 'typescript'])
  const write = (name: string, text: string): void => project.write(`app/${name}`, text)
  write('package.json', '{ "type": "module" }')
  write('greeting.ts', GREETING)
  write('greet.mjs', GREET)
  write(
    'hello.mjs',
    `import { greet } from './greet.mjs'
console.log(JSON.stringify({ greeting: await greet(await import('./greeting.ts')) }))`,
  )
  write(
    'threads.mjs',
    `import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
const [thread] = await once(new Worker(new URL('child.mjs', import.meta.url)), 'message')
const [child] = await once(fork(new URL('child.mjs', import.meta.url)), 'message')
console.log(JSON.stringify({ thread, child }))`,
  )
  write(
    'child.mjs',
    `import { parentPort } from 'node:worker_threads'
import { greet } from './greet.mjs'
const greeting = await greet(await import('./greeting.ts'))
if (parentPort !== null) parentPort.postMessage(greeting)
else process.send(greeting)`,
  )
  write(
    'program.mjs',
    `import { greet } from './greet.mjs'
const greeting = await greet(await import('./greeting.ts'))
let input = ''
for await (const chunk of process.stdin) input += chunk
console.log(JSON.stringify({ greeting, input, args: process.argv.slice(2), title: process.title }))
process.exitCode = Number(input)`,
  )
  write(
    'signal.mjs',
    `process.on('SIGTERM', () => { console.log('asked to end'); process.kill(process.pid, 'SIGKILL') })
setInterval(() => {}, 1000)
console.log('ready')`,
  )
  write(
    'compile.mjs',
    `import { readFileSync, writeFileSync } from 'node:fs'
import ts from 'typescript'
import { transpile } from 'catga/transformer'
const { code } = transpile(readFileSync('app/greeting.ts', 'utf8'), 'greeting.ts', { ts })
const edit = (name, from, to) => {
  if (!from.test(code)) throw new Error('no ' + from)
  writeFileSync('app/' + name, code.replace(from, to))
}
edit('compiled.js', /(?:)/, '// CatgaProcess: this comment makes the loader look twice\\n')
edit('abi.js', /abi: \\d+/, 'abi: 999')
edit('version.js', /(compiler: .)[\\d.]+/, '$10.0.1')`,
  )
  expect(await project.run(['app/compile.mjs'])).toMatchObject({ code: 0 })
}, 120_000)
afterAll(() => project?.[Symbol.dispose]())

test.concurrent.each(NODES.map((node) => ({ name: node ?? process.version, node })))(
  'worker threads and child processes compile too, on $name',
  async ({ node }) => {
    const { output } = await project.run([...REGISTER, 'app/threads.mjs'], nodeOption(node))
    expect(printed(output)).toEqual({ thread: 'hello ada', child: 'hello ada' })
  },
)

test('asking twice compiles once, by --require too', async () => {
  for (const flags of [
    [...REGISTER, ...REGISTER],
    ['--require', 'catga/register'],
    ['--require', 'catga/register', ...REGISTER],
  ]) {
    const { output } = await project.run([...flags, 'app/hello.mjs'])
    expect(printed(output)).toEqual({ greeting: 'hello ada' })
  }
})

describe('what was compiled before', () => {
  const load = (file: string) => project.run([...REGISTER, '--input-type=module', '--eval', loading(file)])
  const loading = (file: string): string => `import { greet } from './app/greet.mjs'
import * as found from './app/${file}'
console.log(JSON.stringify({ greeting: await greet(found), code: found.Greeting.prototype.execute.toString() }))`

  test('runs as it is', async () => {
    const { output } = await load('compiled.js')
    const found = printed(output) as { readonly greeting: string; readonly code: string }
    expect(found.greeting).toBe('hello ada')
    expect(project.read('app/compiled.js')).toContain(found.code)
  })

  test('is refused where it is for another ABI or of another version, both named', async () => {
    expect((await load('abi.js')).output).toMatch(/compiled for ABI 999 \(catga .*this is ABI \d \(catga /)
    expect((await load('version.js')).output).toMatch(/compiled by catga 0\.0\.1\+\w+, this is catga \d+\.\d+\.\d+/)
  })
})

describe('catga run', () => {
  const start = (args: readonly string[]) =>
    spawn(process.execPath, [project.command('catga'), 'run', ...args], {
      cwd: project.path,
      env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
      stdio: ['pipe', 'pipe', 'pipe'],
    })

  async function ended(
    child: ReturnType<typeof start>,
  ): Promise<{ readonly code: number | null; readonly signal: string | null; readonly output: string }> {
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
    return { code, signal, output }
  }

  test('passes input, arguments and options of Node on, and ends with the code of the program', async () => {
    const child = start(['--title=greeter', 'app/program.mjs', '--json', '--help', '-x', '--', 'last'])
    child.stdin.end('7')
    const { code, output } = await ended(child)
    expect(printed(output)).toEqual({ greeting: 'hello ada', input: '7', args: ['--json', '--help', '-x', '--', 'last'], title: 'greeter' })
    expect(code).toBe(7)
  })

  // Windows has no signals that a program could answer.
  if (process.platform !== 'win32') {
    test('passes signals on and ends by the signal that ended the program', async () => {
      const child = start(['app/signal.mjs'])
      child.stdout.once('data', () => child.kill('SIGTERM'))
      const { code, signal, output } = await ended(child)
      expect({ code, signal, output }).toEqual({ code: null, signal: 'SIGKILL', output: 'ready\nasked to end\n' })
    })
  }

  test('--watch starts again when the process file changes', async () => {
    await using child = project.start([project.command('catga'), 'run', '--watch', 'app/hello.mjs'])
    await child.line(/hello ada/)
    project.write('app/greeting.ts', GREETING.replace("'hello'", "'welcome'"))
    await child.line(/welcome ada/)
    project.write('app/greeting.ts', GREETING)
    child.signal('SIGTERM')
    await child.ended()
  })

  test('a file that is not there is Node’s own error', async () => {
    const { code, output } = await ended(start(['app/nothing.ts']))
    expect(code).toBe(1)
    expect(output).toContain('ERR_MODULE_NOT_FOUND')
  })
})
