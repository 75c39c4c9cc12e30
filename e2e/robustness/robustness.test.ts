/**
 * The compiler on real code: every TypeScript file of the installed packages and of this project, and a sample of their
 * JavaScript. Bounded, a sample of each and all of the package `typescript`; `CATGA_SOAK=1` takes everything.
 */
import { describe, expect, test } from 'vitest'
import { isTypeScripts, javaScriptFiles, oneIn, type SourceFile, typeScriptFiles } from './source-files.ts'
import { type Survey, survey } from './survey.ts'

const isSoak = process.env['CATGA_SOAK'] === '1'

function print(title: string, { files, bytes, pairs, unreadable, injected, analyzeMs, compileMs }: Survey): void {
  const megabytes = bytes / 1e6
  const perMegabyte = `${(analyzeMs / megabytes).toFixed(0)} ms per MB to parse and analyze`
  console.log(
    `${title}: ${files} files, ${megabytes.toFixed(1)} MB, ${pairs} nodes paired, ${perMegabyte}, ` +
      `${injected} compiled with a process put in, ${(compileMs / Math.max(1, injected)).toFixed(1)} ms each; ` +
      `not read: ${(['both', 'parser', 'TypeScript'] as const).map((by) => `${unreadable.filter((file) => file.by === by).length} by ${by}`).join(', ')}`,
  )
  for (const { name, by, error } of unreadable.slice(0, 40)) console.log(`  ${by} cannot read ${name} ${error}`)
}

function bounded(files: readonly SourceFile[], many: number): readonly SourceFile[] {
  if (isSoak) return files
  const always = files.filter((file) => isTypeScripts(file) && file.name.endsWith('.ts'))
  return [
    ...always,
    ...oneIn(
      files.filter((file) => !always.includes(file)),
      many,
    ),
  ]
}

describe('real code', () => {
  test('every class, method, call and await of TypeScript files is where TypeScript has it', () => {
    const result = survey(bounded(typeScriptFiles(), 12))
    print('TypeScript', result)
    expect(result.faults).toEqual([])
    expect(result.pairs).toBeGreaterThan(1000)
    expect(result.injected).toBeGreaterThan(20)
  }, 3_600_000)

  test('and of JavaScript files', () => {
    const result = survey(bounded(javaScriptFiles(), 60))
    print('JavaScript', result)
    expect(result.faults).toEqual([])
    expect(result.pairs).toBeGreaterThan(1000)
    expect(result.injected).toBeGreaterThan(20)
  }, 3_600_000)
})
