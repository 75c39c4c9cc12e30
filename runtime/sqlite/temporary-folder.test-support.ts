import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** A folder that is gone after the tests of this file; the function names a new file in it. */
export function temporaryFolder(): () => string {
  const folder = mkdtempSync(join(tmpdir(), 'catga-sqlite-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  let files = 0
  return () => join(folder, `${files++}.db`)
}
