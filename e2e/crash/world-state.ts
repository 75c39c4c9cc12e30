import { existsSync, readFileSync } from 'node:fs'
import { runNode } from '../support/child-process.ts'
import type { CompiledProject } from '../support/compiled-project.ts'
import type { ReportedOrder } from './app/report.ts'
import type { EffectLine } from './app/world.ts'

/** What is left when all workers have ended: the journals and what the outside world saw. */
export interface WorldState {
  readonly orders: ReadonlyMap<string, ReportedOrder>
  /** Requests by order, in the order they were made. */
  readonly requests: ReadonlyMap<string, readonly EffectLine[]>
}

/** Reads both with a program of its own, as an operator would. */
export async function readWorldState(project: CompiledProject, database: string, effects: string): Promise<WorldState> {
  const file = `${database}.report.json`
  const { code, output } = await runNode([project.output('report.ts'), database, file])
  if (code !== 0) throw new Error(`The database cannot be read:\n${output}`)
  const orders = JSON.parse(readFileSync(file, 'utf8')) as readonly ReportedOrder[]
  return { orders: new Map(orders.map((order) => [order.id, order])), requests: byOrder(readEffects(effects)) }
}

function readEffects(file: string): readonly EffectLine[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as EffectLine)
}

function byOrder(lines: readonly EffectLine[]): ReadonlyMap<string, readonly EffectLine[]> {
  const orders = new Map<string, EffectLine[]>()
  for (const line of lines) {
    const known = orders.get(line.order)
    if (known === undefined) orders.set(line.order, [line])
    else known.push(line)
  }
  return orders
}
