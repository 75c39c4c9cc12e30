import { describe, expect, test } from 'vitest'
import { globPattern } from './glob.ts'

describe('globPattern', () => {
  test.each([
    ['**/*.test.ts', ['a.test.ts', 'src/a.test.ts', 'src/b/.c/a.test.ts'], ['src/a.ts', 'a.test.tsx']],
    ['src/*.ts', ['src/a.ts', './src/a.ts'.slice(2)], ['src/b/a.ts', 'a.ts']],
    ['./src/**', ['src', 'src/a.ts', 'src/b/a.ts'], ['lib/a.ts', 'srcs']],
    ['src/**/gen/*', ['src/gen/a', 'src/a/b/gen/c'], ['src/gen', 'gen/a']],
    ['src/{a,b}/?.ts', ['src/a/x.ts', 'src/b/y.ts'], ['src/c/x.ts', 'src/a/xy.ts']],
    ['[!a-c]*.ts', ['d.ts', 'dd.ts'], ['a.ts', 'bb.ts']],
    ['*.@(ts|tsx)', ['a.ts', 'a.tsx'], ['a.js', 'a.']],
    ['a+(b|c).js', ['ab.js', 'abcb.js'], ['a.js']],
    ['src/!(*.test).ts', ['src/a.ts', 'src/test.ts'], ['src/a.test.ts', 'src/b/a.ts', 'src/a.js']],
    ['**/!(a|b)/*.ts', ['c/x.ts', 'd/c/x.ts', 'ab/x.ts'], ['a/x.ts', 'd/b/x.ts']],
    ['**/[id]/**', ['src/[id]/a.ts', 'src/i/a.ts', 'd/b/c.ts'], ['src/id/a.ts']],
    ['src/{a', ['src/{a'], ['src/a']],
    ['a(1).ts', ['a(1).ts'], ['a1.ts']],
    ['node_modules', ['node_modules', 'node_modules/'], ['a/node_modules', 'node_modules_']],
  ])('%s', (glob, matching, others) => {
    const pattern = globPattern(glob, { dot: true })
    expect(matching.filter((path) => !pattern.test(path))).toEqual([])
    expect(others.filter((path) => pattern.test(path))).toEqual([])
  })

  test('wildcards leave names with a leading dot alone, unless told otherwise', () => {
    for (const path of ['.hidden/a.ts', 'src/.a.ts']) {
      expect(globPattern('**/*.ts', { dot: false }).test(path)).toBe(false)
      expect(globPattern('**/*.ts', { dot: true }).test(path)).toBe(true)
    }
    expect(globPattern('.hidden/*', { dot: false }).test('.hidden/a.ts')).toBe(true)
  })
})
