import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import type { FileModel, ProcessModel, Span } from '../model/file-model.ts'
import type { FunctionManifest } from '../model/manifest.ts'
import { analyze } from './analyze.ts'

function modelOf(source: string): FileModel {
  const { model, diagnostics } = analyze(source, '/src/order.ts')
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  if (model === undefined) throw new Error('no model')
  return model
}

function processOf(source: string): ProcessModel {
  return modelOf(source).processes[0]!
}

const HEAD = "import { CatgaProcess, ProcessStep, keyed, stepContext } from 'catga'\n"
const STEPS = '@ProcessStep() async ship(a?: unknown, b?: unknown) { return a }\n@ProcessStep() async pack(a?: unknown) { return a }\n'

function processWith(body: string, members = ''): ProcessModel {
  return processOf(
    `${HEAD}@CatgaProcess()\nexport class OrderProcess {\n  async execute(order: Order) {\n    ${body}\n  }\n${members}${STEPS}}\n`,
  )
}

/** `execute: ship, pack#2 (detached)` and the same of each closure, indented. */
function outline({ name, sites, branches }: FunctionManifest, indent = ''): string {
  const calls = sites.map(({ site, mode, kind }) => `${site}${kind === 'helper' ? '()' : ''}${mode === 'detached' ? ' detached' : ''}`)
  return [`${indent}${name}: ${calls.join(', ')}`, ...branches.map((branch) => outline(branch, `${indent}  `))].join('\n')
}

function outlines(process: ProcessModel): string {
  return process.manifest.functions.map((fn) => outline(fn)).join('\n')
}

const textOf = (source: string, { start, end }: Span): string => source.slice(start, end)

describe('finding processes', () => {
  const body = 'async execute() { await this.ship() }\n@Step() async ship() {}'
  test.each([
    ['an alias', `import { CatgaProcess as Process, ProcessStep as Step } from 'catga'\n@Process() export class P { ${body} }`, 'P'],
    ['a namespace', `import * as c from 'catga'\n@c.CatgaProcess() export class P { ${body.replace('@Step', '@c.ProcessStep')} }`, 'P'],
    [
      'a default export',
      `import { CatgaProcess, ProcessStep as Step } from 'catga'\n@CatgaProcess() export default class P { ${body} }`,
      'P',
    ],
    [
      'an anonymous class',
      `import { CatgaProcess, ProcessStep as Step } from 'catga'\n@CatgaProcess({ name: 'named' }) export default class { ${body} }`,
      'named',
    ],
    [
      'a class expression',
      `import { CatgaProcess, ProcessStep as Step } from 'catga'\nexport const P = @CatgaProcess() class { ${body} }`,
      'P',
    ],
    [
      'a class in a function',
      `import { CatgaProcess, ProcessStep as Step } from 'catga'\nexport function make() { @CatgaProcess() class P { ${body} } return P }`,
      'P',
    ],
    [
      'decorators after export',
      `import { CatgaProcess, ProcessStep as Step } from 'catga'\nexport @CatgaProcess() class P { ${body} }`,
      'P',
    ],
    [
      'double quotes and a string name',
      `import { "CatgaProcess" as Process, ProcessStep as Step } from "catga"\n@Process() class P { ${body} }`,
      'P',
    ],
  ])('%s', (_, source, name) => {
    const model = modelOf(source)
    expect(model.processes.map(({ manifest }) => manifest.process)).toEqual([name])
    expect(model.imports).toEqual([{ declaration: expect.anything() as unknown, specifiers: [], whole: true }])
    expect(model.processes[0]!.manifest.steps).toEqual([{ method: 'ship', name: 'ship' }])
  })

  test('several in a file get manifests of their own', () => {
    const model = modelOf(
      `${HEAD}const $m = 1\n@CatgaProcess() class A { async execute() {} }\n@CatgaProcess() class B { async execute() {} }`,
    )
    expect(model.processes.map(({ manifestName, manifest }) => [manifestName, manifest.process])).toEqual([
      ['$m1_', 'A'],
      ['$m1_1', 'B'],
    ])
  })
})

describe('options', () => {
  const stepWith = (options: string, before = ''): unknown => {
    const { steps } = processOf(
      `${HEAD}${before}\n@CatgaProcess()\nclass P { async execute() {}\n@ProcessStep(${options}) async ship() {}\nundo() {} }`,
    ).manifest
    return steps[0]
  }
  test.each([
    ['nothing', '', '', {}],
    [
      'literals',
      "{ name: 'send', retry: 5, timeoutMs: 1_000, compensate: 'undo', compensateWhen: 'attempted' }",
      '',
      { name: 'send', retry: { attempts: 5 }, timeoutMs: 1000, compensate: 'undo', compensateWhen: 'attempted' },
    ],
    [
      'constants',
      '{ name: NAME, retry: RETRY, timeoutMs: SECOND * 5 + (1 << 2) }',
      "const NAME = `send ${'it'}`; const SECOND = 1e3; const RETRY = { attempts: 2 ** 2, jitter: 1 / 2 } as const",
      { name: 'send it', retry: { attempts: 4, jitter: 0.5 }, timeoutMs: 5004 },
    ],
    [
      'an object by name',
      'OPTIONS',
      "const OPTIONS = { name: 'send', retry: { attempts: 1 } } satisfies object",
      { name: 'send', retry: { attempts: 1 } },
    ],
    [
      'spreads, the last one counts',
      "{ ...OPTIONS, name: 'last' }",
      "const BASE = { retry: 2 }; const OPTIONS = { ...BASE, name: 'first' }",
      { name: 'last', retry: { attempts: 2 } },
    ],
    [
      'members',
      '{ retry: POLICY.careful, timeoutMs: POLICY["limits"].long }',
      'const POLICY = { careful: { attempts: 9 }, limits: { long: 60_000 } } as const',
      { retry: { attempts: 9 }, timeoutMs: 60000 },
    ],
    [
      'conditions',
      "{ name: DEBUG ? 'debug' : 'send', timeoutMs: LIMIT ?? 5 }",
      'const DEBUG = !true; const LIMIT = undefined',
      { name: 'send', timeoutMs: 5 },
    ],
    [
      'a const whose other members change',
      '{ retry: A.retry }',
      'const A = { retry: 4 }; const B = { n: 1 }; B.n = 2',
      { retry: { attempts: 4 } },
    ],
    [
      'frozen objects',
      '{ ...FROZEN, retry: POLICY.retry }',
      "const FROZEN = Object.freeze({ name: 'send' } as const); const POLICY = Object.freeze({ retry: Object.freeze({ attempts: 2 }) })",
      { name: 'send', retry: { attempts: 2 } },
    ],
    [
      'enum members',
      '{ name: Name.Send, retry: Times.Four, timeoutMs: Times["Two"] * 5 }',
      "const enum Name { Other = `x`, Send = 'send' }; enum Times { MinusOne = -1, Zero, Two = 2, Three, Four }",
      { name: 'send', retry: { attempts: 4 }, timeoutMs: 10 },
    ],
    ['undefined', '{ name: undefined, retry: undefined, timeoutMs: undefined, compensate: undefined }', '', {}],
    ['wrappers', "{ ['name']: ('send') as string, retry: (3)! }", '', { name: 'send', retry: { attempts: 3 } }],
  ])('%s', (_, options, before, expected) => {
    expect(stepWith(options, before)).toEqual({ method: 'ship', name: 'ship', ...expected })
  })

  test('of the process', () => {
    const source = `${HEAD}@CatgaProcess({ name: 'orders', id: (order: Order) => order.id, retry: { attempts: 7 }, onBug: 'compensate' })\nclass P { async execute() {} }`
    const process = processOf(source)
    expect(process.manifest).toMatchObject({
      process: 'orders',
      className: 'P',
      file: 'order.ts',
      retry: { attempts: 7 },
      onBug: 'compensate',
    })
    expect(textOf(source, process.idFunction!)).toBe('(order: Order) => order.id')
  })
})

describe('call sites', () => {
  test('are numbered per step and function, closures by their order', () => {
    expect(
      outlines(
        processWith(
          `await this.ship(); const p = this.ship(); await this.pack(); await p
           await Promise.all([1].map(async () => { await this.ship(); await this.ship() }))
           await keyed('a', () => this.ship())
           await Promise.all([2].map((i) => keyed(i, async () => { await this.pack(i) })))
           return this.both()`,
          'async both() { await this.ship(); return this.pack() }\n',
        ),
      ),
    ).toBe(`execute: ship, ship#2 detached, pack, both()
  ~0: ship, ship#2
  ~keyed: ship detached
  ~1: 
    ~keyed: pack
both: ship, pack detached`)
  })

  test('are awaited through wrappers only', () => {
    expect(
      outlines(
        processWith(
          'await (this.ship()); await this.ship()!; await (this.ship() as X); await this.ship?.(); await [this.ship()]; await this.ship().then(); await (0, this.ship())',
        ),
      ),
    ).toBe('execute: ship, ship#2, ship#3, ship#4, ship#5 detached, ship#6 detached, ship#7 detached')
  })

  test('of step names with special characters are escaped', () => {
    const process = processOf(
      `${HEAD}@CatgaProcess() class P { async execute() { await this.ship(); await this.ship() }\n@ProcessStep({ name: 'a/b#2' }) async ship() {} }`,
    )
    expect(outlines(process)).toBe('execute: a%2fb%232, a%2fb%232#2')
  })

  test('in helpers that only take time have no closures of their own', () => {
    const process = processWith('return [1].map(() => this.stamp())', 'stamp() { return [Date.now(), Math.random()] }\n')
    expect(outlines(process)).toBe('execute: stamp()\nstamp: ')
    expect(process.functions.map(({ derived }) => derived.map(({ method }) => method))).toEqual([[], ['now', 'random']])
  })

  test('in parameter defaults of closures belong to the code around them', () => {
    const process = processWith('const run = async (first = this.ship()) => { await first; await this.pack() }; await run()')
    expect(outlines(process)).toBe('execute: ship detached\n  ~0: pack')
  })
})

describe('fingerprints and shape', () => {
  const shape = (body: string, members = ''): string => processWith(body, members).manifest.shape
  const base = 'const r = await this.ship(order.id, 1); if (r) { await this.pack(r) } for (const item of order.items) await this.pack(item)'
  test.each([
    [
      'formatting, comments, parentheses and types',
      'const r = await this.ship( (order.id) as string , /* one */ 1, )\n// then\nif (r) {\n await this.pack(r!)\n}\nfor (const item of order.items)\n  await this.pack(item)',
    ],
    [
      'renamed locals',
      'const result = await this.ship(order.id, 1); if (result) { await this.pack(result) } for (const each of order.items) await this.pack(each)',
    ],
    [
      'quotes and member syntax',
      "const r = await this.ship(order['id'], 1); if (r) { await this.pack(r) } for (const item of order.items) await this.pack(item)",
    ],
    [
      'other code around',
      'const x = 5; const r = await this.ship(order.id, 1); this.log(x); if (r && x) { await this.pack(r) } for (const item of order.items) { await this.pack(item) }',
    ],
  ])('do not change with %s', (_, body) => {
    expect(shape(body)).toBe(shape(base))
  })

  test.each([
    ['swapped calls', 'await this.pack(order.a); await this.pack(order.b)', 'await this.pack(order.b); await this.pack(order.a)'],
    [
      'swapped results',
      'const a = await this.ship(); const b = await this.pack(); await this.ship(a); await this.ship(b)',
      'const a = await this.ship(); const b = await this.pack(); await this.ship(b); await this.ship(a)',
    ],
    ['another branch', 'if (order.x) await this.ship(); else await this.pack()', 'if (order.x) await this.pack(); else await this.ship()'],
    ['a loop', 'await this.ship()', 'while (order.x) await this.ship()'],
    ['a literal', 'await this.ship(1)', 'await this.ship(2)'],
    ['an added call', 'await this.ship(1)', 'await this.ship(1); await this.ship(1)'],
    [
      'try and finally',
      'try { await this.ship() } finally { await this.pack() }',
      'try { await this.pack() } finally { await this.ship() }',
    ],
    ['a closure', 'await this.ship()', 'await (async () => this.ship())()'],
    ['cases', "switch (order.k) { case 'a': await this.ship() }", "switch (order.k) { case 'b': await this.ship() }"],
    ['an operator', 'await this.ship(order.a + 1)', 'await this.ship(order.a - 1)'],
  ])('change with %s', (_, before, after) => {
    expect(shape(before)).not.toBe(shape(after))
  })

  test('do not depend on lines, options or the file', () => {
    const at = (fileName: string, source: string): string => analyze(source, fileName).model!.processes[0]!.manifest.shape
    const source = `${HEAD}@CatgaProcess({ name: 'P' }) class P { async execute() { await this.ship() }\n@ProcessStep({ retry: 2 }) async ship() {} }`
    expect(at('/b/other.ts', `\n\n${source.replace('retry: 2', 'retry: 5').replace('class P', 'class Q')}`)).toBe(at('/a/order.ts', source))
  })
})

describe('interleaving', () => {
  test.each([
    ['await this.ship(); await Promise.all([1].map(async (i) => this.ship(i)))', 'sequential'],
    ["await keyed('a', () => this.ship())", 'sequential'],
    ['const a = this.ship(); await a', 'sequential'],
    ['return this.stamp()', 'sequential'],
    ['await this.ship().then((x) => x)', 'concurrent'],
    ['await Promise.all([1].map(async (i) => i))', 'concurrent'],
    ['await (async () => 1)()', 'concurrent'],
    ['await new Promise((resolve) => resolve(1))', 'concurrent'],
    ['for await (const x of [this.ship()]) order(x)', 'concurrent'],
    ['await this.plain()', 'concurrent'],
    ['await outside(() => this.ship())', 'concurrent'],
    ['await Promise.all([1].map((i) => outside(() => this.ship(i))))', 'concurrent'],
    ['const pool = order.pool(); await Promise.all([pool.run(() => this.ship())])', 'concurrent'],
    ['const tasks: Task[] = []; tasks.push(() => this.ship()); order.pure(1)', 'sequential'],
    ['const run = async (i: number) => this.ship(i); await run(1)', 'sequential'],
  ])('%s', (body, expected) => {
    const members = 'stamp() { return Date.now() }\nasync plain() { return 1 }\n'
    const source = `${HEAD}async function outside(run: () => unknown) { await run() }\n@CatgaProcess() class P { async execute(order: Order) { ${body} }\n${members}${STEPS} }`
    expect(processOf(source).manifest.interleaving).toBe(expected)
  })
})

describe('inheritance in the file', () => {
  const base = `class Base { async execute() { await this.ship(); await this.helper() }\n@ProcessStep() async ship() {}\nasync helper() { await this.ship() } }`
  test('inherited members count and are emitted once', () => {
    const model = modelOf(
      `${HEAD}${base}\n@CatgaProcess() class A extends Base {}\n@CatgaProcess() class B extends Base { @ProcessStep() override async ship() {}\n@ProcessStep() async own() {} }`,
    )
    const [a, b] = model.processes as [ProcessModel, ProcessModel]
    expect(outlines(a)).toBe('execute: ship, helper()\nhelper: ship')
    expect(outlines(b)).toBe(outlines(a))
    expect([a.functions.length, a.steps.length, a.erasedDecorators.length]).toEqual([2, 1, 2])
    expect([b.functions.length, b.steps.map(({ index }) => index), b.erasedDecorators.length]).toEqual([0, [0, 1], 3])
  })

  test('a step may be overridden by a plain method', () => {
    const { manifest } = processOf(`${HEAD}${base}\n@CatgaProcess() class A extends Base { override async ship() {} }`)
    expect(manifest.steps).toEqual([])
    expect(outline(manifest.functions[0]!)).toBe('execute: ')
  })
})

describe('imports', () => {
  test('stay where something still uses them', () => {
    const source = `${HEAD}@CatgaProcess() class P { async execute() { await keyed('a', () => this.ship()) }\n@ProcessStep() async ship() { return stepContext() } }\nexport { stepContext }\nexport type K = typeof keyed`
    const [erased] = modelOf(source).imports
    expect(erased!.whole).toBe(false)
    expect(erased!.specifiers.map((span) => textOf(source, span))).toEqual(['CatgaProcess', 'ProcessStep'])
  })
})

test('spans are those of TypeScript', () => {
  const source = `\uFEFF// é 😀\n${HEAD}@CatgaProcess()\nexport class Örder {\n  async execute(o: Order) {\n    const t = '😀'; await this . ship ?. /* ( */ <string>( o , t ); return new Date\n  }\n  @ProcessStep()\n  async ship<T>(a: T, b: string) { return [a, b] }\n}\n`
  const process = processOf(source)
  const file = ts.createSourceFile('order.ts', source, ts.ScriptTarget.ESNext, true)
  const nodes = new Set<string>()
  const visit = (node: ts.Node): void => {
    nodes.add(`${node.getStart()}-${node.end}`)
    node.forEachChild(visit)
  }
  visit(file)
  const [execute] = process.functions
  const { call, args } = execute!.calls[0]!
  const spans = [
    execute!.body,
    call,
    execute!.derived[0]!.expression,
    process.className!,
    process.steps[0]!.body,
    process.steps[0]!.name,
    process.steps[0]!.returns[0]!.statement,
    ...process.erasedDecorators,
  ]
  for (const span of spans) expect(nodes, textOf(source, span)).toContain(`${span.start}-${span.end}`)
  expect(textOf(source, args)).toBe(' o , t ')
  expect(textOf(source, process.classBody)).toMatch(/^\{[^]*\}$/)
})
