import { NodeProcess } from '../support/child-process.ts'
import type { CompiledProject } from '../support/compiled-project.ts'
import type { Plan } from './app/worker.ts'

/** Starts the worker program of `app/` as a process of its own. */
export function startWorker(project: CompiledProject, plan: Plan): NodeProcess {
  return new NodeProcess([project.output('worker.ts'), JSON.stringify(plan)])
}

/** Runs a worker until its orders have ended; answers what it printed. */
export async function runWorker(project: CompiledProject, plan: Plan): Promise<string> {
  await using worker = startWorker(project, plan)
  const { code, output } = await worker.ended()
  if (code !== 0 || !output.endsWith('finished')) throw new Error(`The worker ended with ${code}:\n${output}`)
  return output
}
