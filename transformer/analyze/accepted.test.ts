/** Plain code that must pass without a word: a false alarm is a defect. */
import { describe, expect, test } from 'vitest'
import { analyze } from './analyze.ts'

function diagnosticsOf(body: string, { imports = '', members = '' } = {}): readonly string[] {
  const source = `import { CatgaProcess, ProcessStep, keyed, stepContext } from 'catga'
${imports}
@CatgaProcess()
export class OrderProcess {
  constructor(private readonly payments: Payments, private readonly pricing: Pricing) {}
  async execute(order: Order) {
    ${body}
  }
  ${members}
  @ProcessStep({ compensate: 'release' })
  private async reserve(id: string, count = 1) { return this.payments.charge(id, count, stepContext().idempotencyKey) }
  private async release(reservation: string, id: string) { await this.payments.refund(reservation, id, stepContext().idempotencyKey) }
  @ProcessStep()
  async ship(item: unknown) { await fetch('https://example.com'); await new Promise((resolve) => setTimeout(resolve, 5)); return item }
}
`
  return analyze(source, 'order.ts').diagnostics.map(({ code, message }) => `${code} ${message}`)
}

const BODIES: Readonly<Record<string, string>> = {
  'pure services are called without await': 'const total = this.pricing.total(order); await this.ship(total); this.payments.log(total)',
  combinators:
    'const [a, b] = await Promise.all([this.ship(1), this.ship(2)]); await Promise.race([this.ship(a), this.ship(b)]); await Promise.any([this.ship(3)]); await Promise.allSettled(order.items.map((item) => this.ship(item)))',
  'promises kept and awaited later': 'const first = this.ship(1); const second = this.ship(2); await first; return second',
  'a promise assigned later': 'let pending; pending = this.ship(1); await pending',
  'promises in a list': 'const all = []; for (const item of order.items) all.push(this.ship(item)); await Promise.all(all)',
  'for await over step promises': 'for await (const done of order.items.map((item) => this.ship(item))) this.payments.log(done)',
  'for await over a literal': 'for await (const done of [this.ship(1), this.ship(2)]) this.payments.log(done)',
  'async closures':
    'const one = async (item: Item) => { const done = await this.ship(item); return done }; await one(order.items[0]); await Promise.all(order.items.map(one))',
  'an async IIFE': 'await (async () => { await this.ship(1) })()',
  'a local async function without durable calls': 'async function double(n: number) { return n * 2 } return await double(2)',
  'awaiting values': 'await null; await order.amount; await undefined; const value = await Promise.resolve(1); return value',
  'then chains that are awaited': 'await this.ship(1).then((done) => this.ship(done)).catch(() => undefined).finally(() => undefined)',
  'chains that are returned': 'return this.ship(1).then((done) => done)',
  'optional calls': 'await this.ship?.(order); await this?.ship(order)',
  'wrapped calls':
    'await (this.ship)(order); await this.ship!(order); await (this as OrderProcess).ship(order); await ((this.ship(order) as Promise<string>))',
  'literal member names': "await this['ship'](order); await this[`ship`](order)",
  'spread arguments': 'await this.reserve(...(order.args as [string, number]))',
  'steps in conditions and logic': 'if (await this.ship(1)) return 1; return (await this.ship(2)) ?? (order.x && (await this.ship(3)))',
  'steps in every kind of loop':
    'for (let i = 0; i < 3; i++) await this.ship(i); while (await this.ship(1)) break; do { await this.ship(2) } while (order.x); for (const k in order) await this.ship(k)',
  'try, catch, finally': 'try { await this.ship(1) } catch (error) { await this.ship(error) } finally { await this.ship(2) }',
  'a worker pool written by hand':
    'const queue = [...order.items]; const worker = async () => { for (let item = queue.shift(); item; item = queue.shift()) await this.ship(item) }; await Promise.all([worker(), worker()])',
  'closures kept for later':
    'const tasks: (() => Promise<unknown>)[] = []; for (const item of order.items) tasks.push(() => this.ship(item)); for (const task of tasks) await task()',
  'a deferred promise': 'const { promise, resolve } = Promise.withResolvers(); resolve(1); await promise; await this.ship(1)',
  'new Promise': 'await new Promise((resolve, reject) => { this.ship(1).then(resolve, reject) })',
  'derived values':
    'return [Date.now(), new Date(), Math.random(), crypto.randomUUID(), globalThis.crypto.randomUUID(), performance.now(), crypto.getRandomValues(new Uint8Array(4)), Temporal.Now.instant()]',
  'dates of something': 'return [new Date(order.at), new Date(2020, 1), Date.parse(order.at), Date.UTC(2020, 1), order.at instanceof Date]',
  'a shadowed global': 'const Date = order.clock; const fetch = order.lookUp; await this.ship(Date.now()); return fetch("x")',
  'pure platform functions':
    'return [structuredClone(order), JSON.stringify(order), Object.keys(order), Math.max(1, 2), Number("1"), new URL("https://example.com"), new Map(), queueMicrotask]',
  'typeof checks': 'return [typeof this.ship, typeof Date.now, typeof process]',
  'keyed calls':
    'await keyed(order.id, () => this.ship(order)); await Promise.all(order.items.map((item) => keyed(item.sku, async () => { await this.ship(item) })))',
  logging: 'console.log(order); console.error("x"); order.items.forEach(console.log); order.items.map((item) => console.log(item))',
  'forEach without durable calls': 'order.items.forEach((item) => { order.total += item.price }); await this.ship(order)',
  'a step promise handed to a function':
    'const race = (...all: Promise<unknown>[]) => Promise.race(all); await race(this.ship(1), this.ship(2))',
  'void of a value': 'void order; await this.ship(1)',
  'a listener inside a promise that the step settles':
    "await new Promise((resolve, reject) => { order.feed.on('item', (item) => this.ship(item).then(resolve, reject)) })",
  'promises collected in callbacks':
    "const jobs = []; const byId = {}; order.items.forEach((item) => jobs.push(this.ship(item))); order.items.forEach((item) => (byId[item.id] = this.ship(item))); order.feed.on('x', (item) => jobs.push(this.ship(item))); await Promise.all(jobs)",
  'methods that are called like those of emitters':
    "const open = order.once(() => this.ship(1)); await open(); await order.bus.subscribe('x', (item) => this.ship(item)); order.feed.on('x', () => { order.count++ })",
  'closures by name that something awaits':
    'const one = (item: Item) => this.ship(item); await Promise.all(order.items.map(one)); const jobs = [one]; await Promise.all(jobs.map((job) => job(order)))',
  'a labelled loop': 'outer: for (const a of order.items) { for (const b of a.parts) { await this.ship(b); continue outer } }',
  'a switch': 'switch (order.kind) { case 1: await this.ship(1); break; default: await this.ship(2) }',
  'a class in process code':
    'class Money { constructor(readonly cents: number) {} ship() { return this.cents } } return new Money(1).ship()',
  'an object with its own ship': 'const port = { ship() { return this.name }, name: "x" }; return port.ship()',
  'map, filter and reduce': 'return order.items.filter((item) => item.ok).map((item) => item.price).reduce((a, b) => a + b, 0)',
  'awaiting local lookups':
    'const running = new Map<string, Promise<unknown>>(); running.set("a", this.ship(1)); await running.get("a"); const list = [this.ship(2)]; await list.pop()',
  'awaiting a parameter': 'const settle = async (work: Promise<unknown>) => await work; await settle(this.ship(1))',
  'destructuring this for data': 'const { pricing } = this; return pricing.total(order)',
  'generators of data': 'function* ids() { yield 1; yield 2 } for (const id of ids()) await this.ship(id)',
  'arguments of the method': 'return arguments.length',
  'Array.fromAsync of step promises': 'return await Array.fromAsync(order.items.map((item) => this.ship(item)))',
}

describe('process code without mistakes', () => {
  test.each(Object.entries(BODIES))('%s', (_, body) => {
    expect(diagnosticsOf(body)).toEqual([])
  })

  const MEMBERS: Readonly<Record<string, { readonly body: string; readonly members: string }>> = {
    'helpers that call helpers': {
      body: 'await this.a(1)',
      members: 'private async a(n: number): Promise<void> { if (n > 0) await this.a(n - 1); await this.ship(n) }',
    },
    'a helper that returns a promise': {
      body: 'await this.both(); return this.both()',
      members: 'private both() { return Promise.all([this.ship(1), this.ship(2)]) }',
    },
    'a sync helper with time': { body: 'return this.stamp()', members: 'private stamp() { return Date.now() }' },
    'a sync helper with time in a step': {
      body: 'await this.other(); return this.stamp()',
      members: 'private stamp() { return Date.now() }\n@ProcessStep() async other() { return this.stamp() }',
    },
    'a helper that logs, used by an undo too': {
      body: 'this.log("x"); await this.paid()',
      members:
        "private log(text: string) { console.log(text) }\n@ProcessStep({ compensate: 'unpay' }) async paid() {}\nasync unpay() { this.log('undo') }",
    },
    'plain methods as callbacks': { body: 'return order.items.map(this.label)', members: 'private label(item: Item) { return item.name }' },
    'fields with data': {
      body: 'this.count++; this.seen.push(order); await Promise.all(this.pending); await this.ship(this.count)',
      members: 'private count = 0\nprivate seen: Order[] = []\nprivate pending = new Set<Promise<void>>()',
    },
    'promises kept in a field': {
      body: 'this.first = this.ship(1); await this.first',
      members: 'private first: Promise<unknown> | undefined',
    },
    'private helpers and steps': {
      body: 'await this.#run(); await this.#pay()',
      members: "async #run() { await this.#pay() }\n@ProcessStep({ compensate: '#unpay' }) async #pay() {}\n#unpay() {}",
    },
    overloads: {
      body: 'await this.ask("x")',
      members:
        'private async ask(text: string): Promise<void>\nprivate async ask(count: number): Promise<void>\nprivate async ask(value: unknown): Promise<void> { await this.ship(value) }',
    },
    'steps nobody calls': { body: 'return order', members: "@ProcessStep({ name: 'later', retry: 2 }) async later() {}" },
    'methods nobody in process code calls': {
      body: 'return order',
      members: 'async audit() { await this.payments.charge("x", 1, "y"); return Date.now() }\nstatic make() { return fetch("x") }',
    },
    'a step that counts for itself': {
      body: 'await this.tick()',
      members: 'private ticks = 0\n@ProcessStep() async tick() { this.ticks++; return this.ticks }',
    },
    'accessors of data': { body: 'return this.total', members: 'get total() { return 1 }\nset total(value: number) { void value }' },
    'an undo with fewer parameters, not async': {
      body: 'await this.pay("x")',
      members: "@ProcessStep({ compensate: 'unpay', compensateWhen: 'attempted' }) async pay(id: string) { return id }\nunpay() {}",
    },
  }
  test.each(Object.entries(MEMBERS))('%s', (_, { body, members }) => {
    expect(diagnosticsOf(body, { members })).toEqual([])
  })

  test('packages that take the durable work as an argument', () => {
    const imports =
      "import pMap from 'p-map'\nimport pLimit from 'p-limit'\nimport { path } from './local.ts'\nimport { join } from 'node:path'\nimport { createHash } from 'node:crypto'\nconst limit = pLimit(3)"
    const body = `await pMap(order.items, (item) => this.ship(item), { concurrency: 2 })
      await Promise.all(order.items.map((item) => limit(() => this.ship(item))))
      const own = pLimit(2)
      await own(() => this.ship(1))
      await limit(() => this.ship(2))
      return join(path, createHash('sha256').update('x').digest('hex'))`
    expect(diagnosticsOf(body, { imports })).toEqual([])
  })
})

describe('files that are none of ours', () => {
  test.each([
    ['no import', 'export class CatgaProcess {}'],
    ['another package', "import { CatgaProcess } from 'other'\n@CatgaProcess() export class A {}\nconst x = 'catga'"],
    ['types only', "import type { CatgaProcess, ProcessStep } from 'catga'\nexport type A = typeof CatgaProcess"],
    ['type specifiers only', "import { type CatgaProcess } from 'catga'\nexport type A = typeof CatgaProcess"],
    ['syntax errors', "import { CatgaProcess } from 'catga'\n@CatgaProcess() export class {"],
    ['passing our exports on', "import { CatgaProcess, ProcessStep } from 'catga'\nexport { CatgaProcess, ProcessStep }"],
  ])('%s', (_, source) => {
    expect(analyze(source, 'a.ts')).toEqual({ model: undefined, diagnostics: [], undoNames: [] })
  })
})
