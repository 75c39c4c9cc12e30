/**
 * A project of many files, some of which hold processes, for measuring compilers. The files are of ordinary size and import one
 * another, so that parsing, checking and emitting weigh what they weigh in a real project.
 */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const packageRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

export interface ProjectSize {
  readonly files: number
  /** How many of them hold a process. */
  readonly processes: number
}

/** Writes the sources and a `tsconfig` for each way to compile them: `tsconfig.plugin.json`, `tsconfig.plain.json`. */
export function generateProject(folder: string, { files, processes }: ProjectSize): void {
  mkdirSync(join(folder, 'src'), { recursive: true })
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(packageRoot, join(folder, 'node_modules', 'catga'), 'junction')
  symlinkSync(join(packageRoot, 'node_modules', '@types'), join(folder, 'node_modules', '@types'), 'junction')
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  for (const plugin of [true, false]) {
    const name = plugin ? 'plugin' : 'plain'
    const compilerOptions = {
      target: 'ES2022',
      module: 'NodeNext',
      types: ['node'],
      strict: true,
      skipLibCheck: true,
      rootDir: 'src',
      outDir: `out-${name}`,
      ...(plugin && { plugins: [{ transform: 'catga/transformer' }] }),
    }
    writeFileSync(join(folder, `tsconfig.${name}.json`), JSON.stringify({ compilerOptions, include: ['src'] }))
  }
  const every = Math.floor(files / processes)
  for (let i = 0; i < files; i++)
    writeFileSync(sourceFile(folder, i), i % every === 0 && i / every < processes ? processSource(i) : moduleSource(i))
}

export function sourceFile(folder: string, index: number): string {
  return join(folder, 'src', `file-${index}.ts`)
}

/** An ordinary module of about sixty lines that uses the one before. */
function moduleSource(index: number): string {
  // Chains as long as a project's, not as long as its list of files: some bundlers follow them by recursion.
  const before = index % 20 === 0 ? -1 : index - 1
  const imported = before >= 0 ? `import { total${before} } from './file-${before}.js'\n` : ''
  const methods = Array.from(
    { length: 6 },
    (_, n) => `
  /** Adds line ${n} of a bill, at its price with tax. */
  add${n}(name: string, price: number, options: { readonly tax?: number; readonly tags?: readonly string[] } = {}): this {
    const { tax = 0.2, tags = [] } = options
    const line = { name, price: price * (1 + tax), tags: tags.map((tag) => tag.trim().toLowerCase()).filter((tag) => tag !== '') }
    this.lines.set(\`\${name}-${n}\`, line)
    for (const tag of line.tags) this.byTag.set(tag, [...(this.byTag.get(tag) ?? []), name])
    return this
  }`,
  ).join('\n')
  return `${imported}
export interface Line${index} {
  readonly name: string
  readonly price: number
  readonly tags: readonly string[]
}

export class Bill${index} {
  private readonly lines = new Map<string, Line${index}>()
  private readonly byTag = new Map<string, string[]>()
${methods}

  get total(): number {
    let sum = 0
    for (const { price } of this.lines.values()) sum += price
    return sum
  }
}

export function total${index}(prices: readonly number[]): number {
  const own = prices.reduce((sum, price) => sum + price, ${index})
  return ${before >= 0 ? `prices.length > 3 ? total${before}(prices.slice(1)) : own` : 'own'}
}
`
}

/** A module that holds a process with steps, a loop, closures in parallel and an undo. */
function processSource(index: number): string {
  return `import { CatgaProcess, ProcessStep } from 'catga'
${moduleSource(index)}
export interface Order${index} {
  readonly id: string
  readonly lines: readonly Line${index}[]
  readonly amount: number
}

@CatgaProcess({ id: (order: Order${index}) => order.id })
export class OrderProcess${index} {
  async execute(order: Order${index}): Promise<number> {
    const reserved = await this.reserve(order.id, order.lines)
    const counts = await Promise.all(order.lines.map(async (line) => await this.pack(line)))
    let sum = reserved
    for (const count of counts) sum += await this.weigh(count)
    const paid = order.amount > 1000 ? await this.charge(order.id, order.amount) : await this.charge(order.id, sum)
    return paid
  }

  @ProcessStep({ name: 'reserve ${index}', compensate: 'release' })
  private async reserve(id: string, lines: readonly Line${index}[]): Promise<number> {
    if (lines.length === 0) return 0
    return id.length + lines.length
  }

  private async release(reserved: number): Promise<void> {
    if (reserved < 0) throw new Error('nothing to release')
  }

  @ProcessStep({ retry: { attempts: 5 } })
  private async pack(line: Line${index}): Promise<number> {
    return line.tags.length
  }

  @ProcessStep()
  private async weigh(count: number): Promise<number> {
    return count * 2
  }

  @ProcessStep({ timeoutMs: 5000 })
  private async charge(id: string, amount: number): Promise<number> {
    return amount + id.length
  }
}
`
}
