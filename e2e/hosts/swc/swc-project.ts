/** A user's project that swc compiles: a tree with a process, its helper, files that are none of ours, and files of other kinds. */
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { HostProject } from '../../support/host-project.ts'
import { packageRoot } from '../../support/package-root.ts'
import type { ChildEnd } from '../../support/child-process.ts'

const SQLITE = '@photostructure/sqlite'

/** Standard decorators get a context, legacy ones do not; this one serves both. */
const TRACE = `export const traced: string[] = []

/** The user's own. */
export function trace(target: unknown, context: any): any {
  traced.push(typeof context === 'string' ? context : String(context.name))
}
`

export const ORDER = `import { CatgaProcess, ProcessStep, NonRetryableError } from 'catga'
import { price } from './shop/price.js'
import { trace } from './trace.js'

export interface Order {
  readonly id: string
  readonly items: readonly string[]
}

@CatgaProcess()
export class OrderProcess {
  readonly #prefix = 'paid'

  async execute(order: Order): Promise<string> {
    const amount = price(order.items)
    const reserved = await this.reserve(order.id)
    const labels: string[] = []
    for await (const label of order.items.map((item) => this.label(item))) labels.push(label)
    const [paid] = await Promise.all([this.charge(order.id, amount)])
    return [reserved, ...labels, paid].join(' ')
  }

  @trace
  @ProcessStep({ compensate: 'release' })
  private async reserve(id: string): Promise<string> {
    return \`reserved \${id}\`
  }

  private async release(reservation: string): Promise<void> {
    console.log('released', reservation)
  }

  @ProcessStep()
  private async label(item: string): Promise<string> {
    return item.toUpperCase()
  }

  @ProcessStep()
  private async charge(id: string, amount: number): Promise<string> {
    if (amount > 100) throw new NonRetryableError(\`\${id} costs \${amount}\`)
    return \`\${this.#prefix} \${amount}\`
  }
}
`

/** Runs an order that goes well on SQLite, and one that does not in memory; prints what came of them. */
const MAIN = `import { createApp, MemoryJournalStore } from 'catga'
import { sqliteJournal } from 'catga/sqlite'
import { OrderProcess } from './order.process.js'
import { traced } from './trace.js'

async function main(): Promise<void> {
  const app = createApp({ journal: sqliteJournal(process.argv[2]!) }).process(OrderProcess, () => new OrderProcess())
  const result = await app.run(OrderProcess, { id: 'A-1', items: ['tea', 'cup'] }, { id: 'A-1' })
  await app.close()
  const other = createApp({ journal: new MemoryJournalStore() }).process(OrderProcess, () => new OrderProcess())
  const failed = await other.tryRun(OrderProcess, { id: 'A-2', items: Array.from({ length: 11 }, () => 'tea') }, { id: 'A-2' })
  await other.close()
  const stack = await new OrderProcess().execute({ id: 'A-3', items: Array.from({ length: 11 }, () => 'tea') }).catch((error: Error) => error.stack)
  console.log(JSON.stringify({ result, failed: failed.ok ? 'no' : failed.error.message, traced, stack }))
}

void main()
`

export const SWCRC = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { decoratorVersion: '2022-03' },
  },
  sourceMaps: true,
}

const FILES: Readonly<Record<string, string>> = {
  '.swcrc': `// comments are fine here\n${JSON.stringify(SWCRC)}`,
  'src/order.process.ts': ORDER,
  'src/main.ts': MAIN,
  'src/trace.ts': TRACE,
  'src/shop/price.ts': 'export function price(items: readonly string[]): number {\n  return items.length * 10\n}\n',
  'src/shop/price.test.ts': "import { price } from './price.js'\n\nif (price(['a']) !== 10) throw new Error('wrong')\n",
  'src/shop/module.mts': 'export const esm: boolean = true\n',
  'src/shop/common.cts': 'export const cjs: boolean = true\n',
  'src/shop/view.tsx': 'export const view: string = `a`\n',
  'src/shop/plain.js': 'export const plain = { ...{ a: 1 } }\n',
  'src/shop/types.d.ts': 'export declare const typed: string\n',
  'src/shop/label.txt': 'tea\n',
  'src/shop/empty.ts': '',
  'src/.hidden/secret.ts': 'export const secret: string = `s`\n',
  'src/shop/.dot.ts': 'export const dot: string = `d`\n',
  // Mentions the package, and has nothing for the compiler.
  'src/shop/mention.ts': "// catga\nexport { createApp as CatgaProcess } from 'catga'\n",
}

export class SwcProject implements Disposable {
  readonly host: HostProject

  private constructor(host: HostProject) {
    this.host = host
  }

  static async create(type: 'module' | 'commonjs' = 'module'): Promise<SwcProject> {
    const host = await HostProject.create({ tools: ['@swc/core', '@swc/cli', '@swc/helpers'], type })
    mkdirSync(host.file('node_modules', '@photostructure'), { recursive: true })
    symlinkSync(join(packageRoot, 'node_modules', SQLITE), host.file('node_modules', SQLITE), 'junction')
    for (const [name, text] of Object.entries(FILES)) host.write(name, text)
    return new SwcProject(host)
  }

  /** `catga build --swc`. */
  build(...args: readonly string[]): Promise<ChildEnd> {
    return this.host.run([this.host.file('node_modules/catga/dist/cli/main.js'), 'build', '--swc', ...args])
  }

  /** The command of swc itself. */
  swc(...args: readonly string[]): Promise<ChildEnd> {
    return this.host.run([this.host.command('@swc/cli', 'swc'), ...args])
  }

  [Symbol.dispose](): void {
    this.host[Symbol.dispose]()
  }
}

/** One-based line of the first line that contains a text. */
export function lineOf(source: string, text: string): number {
  return source.slice(0, source.indexOf(text)).split('\n').length
}
