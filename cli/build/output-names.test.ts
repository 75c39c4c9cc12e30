import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compiledName, copiedName, declarationName, type OutputPlace } from './output-names.ts'

const place: OutputPlace = { cwd: resolve('/work/deep/er'), outDir: 'dist', stripLeadingPaths: false }
const stripped: OutputPlace = { ...place, stripLeadingPaths: true }

describe('names of output', () => {
  test.each([
    ['src/a.ts', 'dist/src/a.js', 'dist/a.js', 'dist/a.d.ts'],
    ['src/b/a.tsx', 'dist/src/b/a.js', 'dist/b/a.js', 'dist/b/a.d.ts'],
    ['./src/a.mts', 'dist/src/a.mjs', 'dist/a.mjs', 'dist/a.d.mts'],
    ['src/a.cts', 'dist/src/a.cjs', 'dist/a.cjs', 'dist/a.d.cts'],
    ['a.ts', 'dist/a.js', 'dist/a.js', 'dist/a.d.ts'],
    ['../../other/a.ts', 'other/a.js', 'dist/other/a.js', 'dist/other/a.d.ts'],
    ['src/a.b.ts', 'dist/src/a.b.js', 'dist/a.b.js', 'dist/a.b.d.ts'],
  ])('%s', (source, whole, short, declaration) => {
    expect(compiledName(source, { ...place, outDir: source.startsWith('..') ? 'x/y' : 'dist' })).toBe(join(whole))
    expect(compiledName(source, stripped)).toBe(join(short))
    expect(declarationName(source, stripped)).toBe(join(declaration))
  })

  test('an ending may be given, and copies keep theirs', () => {
    expect(compiledName('src/a.mts', place, 'es.js')).toBe(join('dist/src/a.es.js'))
    expect(copiedName('src/a.txt', stripped)).toBe(join('dist/a.txt'))
  })
})
