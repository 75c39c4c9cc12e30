import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { PACKAGE_VERSION as runtimeVersion } from '../runtime/process/package-version.ts'
import { VERSION } from '../transformer/index.ts'

test('compiler and runtime know the version of the package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
  expect(runtimeVersion).toBe(version)
  expect(VERSION).toMatch(new RegExp(`^${version.replaceAll('.', '\\.')}\\+[0-9a-f]{8}$`))
})
