import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { HostProject } from '../../support/host-project.ts'
import { packageRoot } from '../../support/package-root.ts'

const SQLITE = join('node_modules', '@photostructure', 'sqlite')

/** SQLite for Node 20; newer ones and other runtimes have their own. */
export function linkSqlite(project: HostProject): void {
  mkdirSync(project.file('node_modules', '@photostructure'), { recursive: true })
  symlinkSync(join(packageRoot, SQLITE), project.file(SQLITE), 'junction')
}
