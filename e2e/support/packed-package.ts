import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { promisify } from 'node:util'
import { npm } from '../package/npm.ts'
import { buildPackage } from './build-package.ts'
import { packageRoot } from './package-root.ts'
import { TemporaryFolder } from './temporary-folder.ts'

let packed: Promise<string> | undefined

/** Path of the tarball that `npm publish` would upload, made once for each test file. */
export function packedPackage(): Promise<string> {
  packed ??= pack()
  return packed
}

async function pack(): Promise<string> {
  await buildPackage()
  const folder = new TemporaryFolder('packed')
  process.once('exit', () => folder[Symbol.dispose]())
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder.path]
  const [{ filename }] = JSON.parse(await npm(args, packageRoot)) as readonly [{ readonly filename: string }]
  return folder.file(filename)
}

/** Unpacks the tarball as `npm install` lays it out. */
export async function unpackPackage(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  // Windows, macOS and Linux all have a tar that reads gzip.
  await promisify(execFile)('tar', ['-xzf', await packedPackage(), '--strip-components=1', '-C', folder])
}
