import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findOtherModule } from './other-modules.ts'
import { ProjectOptionsReader } from './project-options.ts'

test('finds sources by path, and nothing below a file or in a folder without an index', () => {
  const folder = mkdtempSync(join(tmpdir(), 'catga-modules-'))
  try {
    mkdirSync(join(folder, 'empty'))
    writeFileSync(join(folder, 'data.json'), '{}')
    writeFileSync(join(folder, 'price.ts'), 'export {}\n')
    const from = join(folder, 'order.process.ts')
    const options = new ProjectOptionsReader().of(from)
    const found = (specifier: string): string | undefined => findOtherModule(specifier, from, options)?.source
    expect(found('./price.js')).toBe('export {}\n')
    expect(found('./data.json')).toBeUndefined()
    expect(found('./empty')).toBeUndefined()
    expect(found('some-package')).toBeUndefined()
  } finally {
    rmSync(folder, { recursive: true })
  }
})
