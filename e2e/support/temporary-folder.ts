import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder of one test, outside the repository, removed with all it holds when its `using` is left. */
export class TemporaryFolder implements Disposable {
  /** Real path: debuggers and stack traces name files by it. */
  readonly path: string

  constructor(name: string) {
    this.path = mkdtempSync(join(realpathSync(tmpdir()), `catga-${name}-`))
  }

  file(...names: readonly string[]): string {
    return join(this.path, ...names)
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5 })
  }
}
