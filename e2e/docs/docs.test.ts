/** Every example in README, guides and docstrings compiles as its reader would compile it, and those marked `run` run. */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import ts from 'typescript'
import { buildPackage } from '../support/build-package.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { blocksOfDocstrings, blocksOfPages, root, type CodeBlock } from './code-blocks.ts'
import { exampleModule, type Exports } from './example-module.ts'

const run = promisify(execFile)

/** A folder per page or source file, so that examples of one page can import each other. */
interface Example extends CodeBlock {
  readonly folder: string
  readonly file: string
}

const examples: readonly Example[] = [...blocksOfPages(), ...blocksOfDocstrings()].map((block) => {
  const [page = '', line = ''] = block.place.split(':')
  const named = /^ts (\S+\.ts)$/.exec(block.info)?.[1]
  return { ...block, folder: page.replaceAll(/\W+/g, '-'), file: named ?? `line-${line}.ts` }
})

let folder = ''
let diagnostics: readonly string[] = []

beforeAll(async () => {
  await buildPackage()
  mkdirSync(join(root, '.tmp'), { recursive: true })
  // Inside the package, so that `catga` is this package, as it is for a user who installed it.
  folder = mkdtempSync(join(root, '.tmp', 'docs-'))
  const exports = publicExports()
  for (const example of examples) {
    mkdirSync(join(folder, example.folder), { recursive: true })
    writeFileSync(join(folder, example.folder, example.file), exampleModule(example.code, exports))
  }
  cpSync(new URL('prelude.d.ts', import.meta.url), join(folder, 'prelude.d.ts'))
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG))
  diagnostics = await compile()
}, 60_000)

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const TSCONFIG = {
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2023', 'ESNext.Disposable'],
    module: 'NodeNext',
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    rewriteRelativeImportExtensions: true,
    skipLibCheck: true,
    rootDir: '.',
    outDir: 'out',
    plugins: [{ transform: 'catga/transformer' }],
  },
  include: ['**/*.ts'],
}

async function compile(): Promise<readonly string[]> {
  const tspc = join(root, 'node_modules', 'ts-patch', 'bin', 'tspc.js')
  try {
    await run(process.execPath, [tspc, '-p', folder, '--pretty', 'false'], { cwd: folder })
    return []
  } catch (error) {
    return String((error as { readonly stdout?: unknown }).stdout ?? error).split('\n')
  }
}

function publicExports(): Exports {
  const entries: readonly (readonly [string, string])[] = [
    ['catga', 'runtime/index.ts'],
    ['catga/sqlite', 'runtime/sqlite/index.ts'],
    ['catga/testing', 'runtime/testing/index.ts'],
    ['catga/transformer', 'transformer/index.ts'],
  ]
  return new Map(
    entries.map(([entry, file]) => {
      const text = ts.sys.readFile(join(root, file)) ?? ''
      const names = [...text.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, list = '']) =>
        list.split(',').map((name) => name.trim()),
      )
      return [entry, names.filter((name) => name !== '')]
    }),
  )
}

test('there are examples to check', () => {
  expect(examples.length).toBeGreaterThanOrEqual(35)
})

describe('every example compiles', () => {
  test.each(examples.map((example) => [example.place, example] as const))('%s', (_place, example) => {
    const path = `${example.folder}/${example.file}`
    expect(diagnostics.filter((line) => line.includes(path))).toEqual([])
  })

  test('and nothing else is reported', () => {
    expect(diagnostics.filter((line) => line !== '')).toEqual([])
  })
})

describe('examples that say so run', () => {
  const runnable = examples.filter(({ info }) => info === 'ts run')

  test.each(runnable.map((example) => [example.place, example] as const))('%s', async (_place, example) => {
    const working = mkdtempSync(join(folder, 'run-'))
    const script = join(folder, 'out', example.folder, basename(example.file).replace(/\.ts$/, '.js'))
    const { stdout, stderr } = await run(process.execPath, ['--enable-source-maps', script], { cwd: working, timeout: 15_000 })
    expect(stderr).toBe('')
    if (example.output !== undefined) expect(stdout).toBe(example.output)
    expect(readdirSync(working).every((name) => /\.db(-wal|-shm)?$|\.jsonl$/.test(name))).toBe(true)
  })
})
