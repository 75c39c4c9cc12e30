import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { HostProject, type HostRunOptions, installedNodes, type NodeVersion } from '../../support/host-project.ts'
import { packageRoot } from '../../support/package-root.ts'
import { IMPORTING_APP, ORDER_PROCESS, PRICES_CJS, PRICES_TS, requiringApp } from './sources.ts'

export const REGISTER = ['--import', 'catga/register'] as const
export const TSX = ['--import', 'tsx'] as const

/** Undefined is the Node that runs the tests. */
export const NODES: readonly (NodeVersion | undefined)[] = [undefined, ...installedNodes()]

export function nodeOption(node: NodeVersion | undefined): HostRunOptions {
  return node === undefined ? {} : { node }
}

/** What programs print last is JSON for the test; Node's own warnings may come before. */
export function printed(output: string): unknown {
  const line = output.split('\n').findLast((text) => text.startsWith('{'))
  if (line === undefined) throw new Error(`No line of JSON in:\n${output}`)
  return JSON.parse(line)
}

/**
 * A user's project with the same program as ES modules and as CommonJS, and with the named tools.
 */
export async function loaderProject(tools: readonly string[]): Promise<HostProject> {
  const project = await HostProject.create({ tools })
  project.write('esm/package.json', '{ "type": "module" }')
  project.write('esm/order.process.ts', ORDER_PROCESS)
  project.write('esm/prices.ts', PRICES_TS)
  project.write('esm/app.ts', IMPORTING_APP)
  project.write('cjs/package.json', '{ "type": "commonjs" }')
  project.write('cjs/order.process.ts', ORDER_PROCESS)
  project.write('cjs/prices.js', PRICES_CJS)
  project.write('cjs/app.js', requiringApp('order.process.ts'))
  return project
}

/** SQLite for Node without `node:sqlite`. */
export function addSqlite(project: HostProject): void {
  mkdirSync(project.file('node_modules', '@photostructure'), { recursive: true })
  symlinkSync(
    join(packageRoot, 'node_modules', '@photostructure', 'sqlite'),
    project.file('node_modules', '@photostructure', 'sqlite'),
    'junction',
  )
}
