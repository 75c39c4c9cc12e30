import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PackageTypes } from './package-type.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'catga-package-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function manifest(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), text)
}

test('the nearest package.json says, if it has a type', () => {
  manifest('package.json', '\uFEFF{ "type": "module" }')
  manifest('common/package.json', '{ "type": "commonjs" }')
  manifest('plain/package.json', '{}')
  manifest('node_modules/dependency/index.js', '')
  const types = new PackageTypes()
  const files = ['a.ts', 'b/c/d.ts', 'common/e/a.ts', 'plain/a.ts', 'node_modules/dependency/index.js']
  expect(files.map((file) => types.of(join(folder, file)))).toEqual(['module', 'module', 'commonjs', undefined, undefined])
})

test('one that is no JSON is named', () => {
  manifest('package.json', '{ "type": ')
  expect(() => new PackageTypes().of(join(folder, 'a.ts'))).toThrow(`${join(folder, 'package.json')} cannot be read: `)
})
