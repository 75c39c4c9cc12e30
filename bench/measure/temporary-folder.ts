import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder outside the project that is gone when the benchmark is. */
export class TemporaryFolder implements Disposable {
  readonly path: string

  constructor(name: string) {
    this.path = mkdtempSync(join(tmpdir(), `catga-bench-${name}-`))
  }

  file(name: string): string {
    return join(this.path, name)
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}
