import { writeFileSync } from 'node:fs'
import { NodeProcess } from '../support/child-process.ts'
import type { CompiledProject } from '../support/compiled-project.ts'
import type { Plan } from './app/worker.ts'

let plans = 0

/** Starts the worker program of `app/` as a process of its own. */
export function startWorker(project: CompiledProject, plan: Plan): NodeProcess {
  // Command lines hold 128 KiB, plans hold thousands of orders.
  const file = `${plan.database}.plan-${plans++}.json`
  writeFileSync(file, JSON.stringify(plan))
  return new NodeProcess([project.output('worker.ts'), file])
}

/** Runs a worker until its orders have ended; answers what it printed. */
export async function runWorker(project: CompiledProject, plan: Plan): Promise<string> {
  await using worker = startWorker(project, plan)
  const { code, output } = await worker.ended()
  if (code !== 0 || !output.endsWith('finished')) throw new Error(`The worker ended with ${code}:\n${output}`)
  return output
}
