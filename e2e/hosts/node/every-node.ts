/** One project for Node that has SQLite, and one with the package for it where the Node that runs the tests has none. */
import { createRequire } from 'node:module'
import type { HostProject, NodeVersion } from '../../support/host-project.ts'
import { addSqlite } from './loader-project.ts'

export class ProjectForEveryNode implements Disposable {
  readonly #newer: HostProject
  readonly #own: HostProject

  private constructor(newer: HostProject, own: HostProject) {
    this.#newer = newer
    this.#own = own
  }

  static async create(make: () => Promise<HostProject>): Promise<ProjectForEveryNode> {
    const newer = await make()
    if (hasSqlite()) return new ProjectForEveryNode(newer, newer)
    const own = await make()
    addSqlite(own)
    return new ProjectForEveryNode(newer, own)
  }

  for(node: NodeVersion | undefined): HostProject {
    return node === undefined ? this.#own : this.#newer
  }

  [Symbol.dispose](): void {
    this.#newer[Symbol.dispose]()
    if (this.#own !== this.#newer) this.#own[Symbol.dispose]()
  }
}

function hasSqlite(): boolean {
  try {
    createRequire(import.meta.url)('node:sqlite')
    return true
  } catch {
    return false
  }
}
