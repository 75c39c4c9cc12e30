/**
 * Packs the package as it would be published and checks the tarball: its exports (publint), and that its types
 * resolve for ESM users and bundlers (are the types wrong). Needs a build.
 *
 *   node scripts/check/package.mjs
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { commandOf, run, runNode } from '../run.mjs'

const folder = mkdtempSync(join(tmpdir(), 'catga-pack-'))
try {
  const packed = await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
    shell: process.platform === 'win32',
  })
  const name = readdirSync(folder).find((file) => file.endsWith('.tgz'))
  if (packed.code !== 0 || name === undefined) throw new Error(`npm pack failed:\n${packed.output}`)
  const tarball = join(folder, name)
  const results = await Promise.all([
    runNode([commandOf('publint'), 'run', '--strict', tarball]),
    // Catga is ESM only: that CommonJS before Node 20.19 cannot require it is a decision, see docs/decisions.md.
    runNode([
      commandOf('@arethetypeswrong/cli', 'attw'),
      '--profile',
      'esm-only',
      '--no-definitely-typed',
      '--no-emoji',
      '--no-color',
      '--format',
      'ascii',
      tarball,
    ]),
  ])
  for (const { output } of results) console.log(output.trim())
  process.exitCode = results.every(({ code }) => code === 0) ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
