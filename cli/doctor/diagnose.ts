/** All that `catga doctor` looks for, in the order it tells. */
import { checkBundlers } from './checks/bundlers.ts'
import { checkDecorators } from './checks/decorators.ts'
import { checkOutput } from './checks/output.ts'
import { checkRuntime } from './checks/runtime.ts'
import { checkAnyHost, checkScripts } from './checks/scripts.ts'
import { checkSources } from './checks/sources.ts'
import { checkTsconfigs } from './checks/tsconfig.ts'
import type { Finding } from './finding.ts'
import { inspectProject } from './inspected-project.ts'

export interface Diagnosis {
  readonly folder: string
  /** Processes were looked for in so many sources of so many packages. */
  readonly packages: number
  readonly sources: number
  readonly processFiles: readonly string[]
  readonly findings: readonly Finding[]
}

/** @param nodeVersion without the `v` */
export function diagnose(folder: string, nodeVersion: string): Diagnosis {
  const project = inspectProject(folder)
  const found = [
    ...project.unreadable,
    ...checkRuntime(project, nodeVersion),
    ...checkTsconfigs(project),
    ...checkDecorators(project),
    ...checkScripts(project, nodeVersion),
    ...checkBundlers(project),
    ...checkOutput(project),
    ...checkSources(project),
  ]
  const findings = [...found, ...checkAnyHost(project, found)]
  return {
    folder,
    packages: project.packages.length,
    sources: project.packages.reduce((sum, { sources }) => sum + sources.length, 0),
    processFiles: project.packages.flatMap(({ processes }) => processes.map(({ path }) => project.show(path))),
    findings: findings.sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning')),
  }
}
