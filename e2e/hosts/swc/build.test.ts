/** `catga build --swc` beside `swc` on the same tree, and what it does where swc has nothing to say. */
import { chmodSync, readdirSync, symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lineOf, ORDER, SwcProject } from './swc-project.ts'

let project: SwcProject

beforeAll(async () => {
  project = await SwcProject.create()
}, 180_000)

afterAll(() => project[Symbol.dispose]())

function filesIn(folder: string): readonly string[] {
  const path = project.host.file(folder)
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(path, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .toSorted()
}

/** The mistake is in the line of `private async reserve`. */
const WRONG = ORDER.replace('private async reserve', 'private reserve')

describe('beside swc', () => {
  test.each([
    { name: 'plain', args: [] },
    { name: 'copied', args: ['-D', '--strip-leading-paths', '-s', 'true'] },
    { name: 'inline', args: ['-s', 'inline', '--include-dotfiles', '-D'] },
    { name: 'ignored', args: ['--ignore', '**/*.test.ts,src/shop/*.mts', '--strip-leading-paths', '-s', 'false'] },
    { name: 'only', args: ['--only', 'src/shop/**/*.ts', '--out-file-extension', 'es.js'] },
    { name: 'configured', args: ['-C', 'module.type=commonjs', '-C', 'jsc.target=es2017', '--source-root', '/root'] },
    { name: 'declarations', args: ['-C', 'jsc.experimental.emitIsolatedDts=true', '--extensions', '.ts,.mts', '--sync'] },
    { name: 'without', args: ['--no-swcrc', '--ignore', '**/*.process.ts,**/*.[cm]ts', '--workers', '2'] },
  ])('writes the same files, byte for byte where no process is: $name', async ({ name, args }) => {
    const [theirs, ours] = [`theirs-${name}`, `ours-${name}`]
    const swc = await project.swc('src', '-d', theirs, ...args)
    expect(swc.output).toMatch(/Successfully compiled/)
    const { code, output } = await project.build('src', '-d', ours, ...args)
    expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/^Compiled \d+ files/) })
    expect(filesIn(ours)).toEqual(filesIn(theirs))
    const different = filesIn(ours).filter((file) => project.host.read(`${ours}/${file}`) !== project.host.read(`${theirs}/${file}`))
    const declared = filesIn(ours).filter((file) => /order\.process\.(?:es\.)?js(?:\.map)?$/.test(file))
    expect(different).toEqual(declared)
  })
})

describe('what it makes runs', () => {
  const legacy = [
    '-C',
    'jsc.transform.legacyDecorator=true',
    '-C',
    'jsc.transform.decoratorMetadata=true',
    '-C',
    'jsc.transform.decoratorVersion=2021-12',
  ]
  test.each([
    { name: 'es2022', type: 'module', args: [], node: undefined },
    { name: '2023-11', type: 'module', args: ['-C', 'jsc.transform.decoratorVersion=2023-11'], node: undefined },
    { name: 'es2017', type: 'module', args: ['-C', 'jsc.target=es2017'], node: 'node22' },
    { name: 'legacy', type: 'module', args: legacy, node: undefined },
    {
      name: 'legacy-es2017-cjs',
      type: 'commonjs',
      args: [...legacy, '-C', 'jsc.target=es2017', '-C', 'module.type=commonjs'],
      node: undefined,
    },
    { name: 'cjs', type: 'commonjs', args: ['-C', 'module.type=commonjs'], node: 'node24' },
    {
      name: 'minified',
      type: 'module',
      args: ['-C', 'minify=true', '-C', 'jsc.minify.compress=true', '-C', 'jsc.minify.mangle=true'],
      node: undefined,
    },
  ] as const)('$name', async ({ name, type, args, node }) => {
    const out = `run-${name}`
    const built = await project.build('src', '-d', out, '--strip-leading-paths', '--ignore', '**/*.test.ts', ...args)
    expect(built.output).toMatch(/^Compiled \d+ files with swc \(1 with processes\)/)
    project.host.write(`${out}/package.json`, JSON.stringify({ type }))
    const ran = await project.host.run(['--enable-source-maps', `${out}/main.js`, project.host.file(`${name}.db`)], {
      ...(node && { node }),
    })
    const line = ran.output.split('\n').find((text) => text.startsWith('{'))
    if (line === undefined) throw new Error(ran.output)
    const { stack, ...rest } = JSON.parse(line) as { readonly stack: string }
    expect(rest).toEqual({
      result: 'reserved A-1 TEA CUP paid 20',
      failed: expect.stringMatching(/failed: A-2 costs 110$/),
      traced: ['reserve'],
    })
    expect(ran.output).toContain('released reserved A-2')
    expect(stack).toContain(`order.process.ts:${lineOf(ORDER, 'throw new NonRetryableError')}:`)
    expect(stack).toContain(`order.process.ts:${lineOf(ORDER, 'await Promise.all')}:`)
  })
})

test('maps are found of a process whose name has spaces', async () => {
  project.host.write('odd/my order.process.ts', ORDER.replaceAll("'./", "'../src/"))
  project.host.write(
    'odd/main.ts',
    "import { OrderProcess } from './my order.process.js'\n\nconst items = Array.from({ length: 11 }, () => 'tea')\nawait new OrderProcess().execute({ id: 'A', items })\n",
  )
  const built = await project.build('odd', 'src', '-d', 'odd-out', '--ignore', '**/*.test.ts')
  expect(built.code).toBe(0)
  const { output } = await project.host.run(['--enable-source-maps', 'odd-out/odd/main.js'])
  expect(output).toContain(`my order.process.ts:${lineOf(ORDER, 'throw new NonRetryableError')}:`)
})

describe('what goes wrong', () => {
  test('builds the others, and lists every mistake with its lines', async () => {
    project.host.write('bad/order.process.ts', WRONG)
    project.host.write('bad/syntax.ts', 'export const = 1\n')
    project.host.write('bad/good.ts', 'export const good: number = 1\n')
    const { code, output } = await project.build('bad', '-d', 'bad-out')
    expect(code).toBe(1)
    expect(output).toContain(`order.process.ts(${lineOf(WRONG, 'private reserve')},11): error CATGA101: Step "reserve" is not async`)
    expect(output).toContain('|   private reserve(id: string)')
    expect(output).toMatch(/bad[\\/]syntax\.ts:1:1\]/)
    expect(output).not.toContain('Stack backtrace')
    expect(output).toMatch(/Compiled 1 file with swc, 2 files failed in \d+ ms\./)
    expect(filesIn('bad-out')).toEqual(['bad/good.js', 'bad/good.js.map'])
  })

  test('tells programs the same', async () => {
    const { code, output } = await project.build('bad', '-d', 'bad-json', '--json')
    expect(code).toBe(1)
    const told = JSON.parse(output) as { readonly diagnostics: readonly { readonly file: string }[] }
    expect(told).toMatchObject({ mode: 'swc', compiled: 1, failed: 2, copied: 0, ms: expect.any(Number) })
    expect(told.diagnostics.toSorted((a, b) => (a.file < b.file ? 1 : -1))).toMatchObject([
      { file: expect.stringMatching(/syntax\.ts$/), severity: 'error', line: 1, column: expect.any(Number) },
      { file: project.host.file('bad/order.process.ts'), code: 'CATGA101', line: lineOf(WRONG, 'private reserve'), column: 11 },
    ])
  })

  test.each([
    { args: ['src'], code: 2, says: 'Where to? Give --out-dir dist.' },
    { args: ['-d', 'dist'], code: 2, says: '<dirs-or-files...> is missing.' },
    { args: ['nowhere', '-d', 'dist'], code: 3, says: 'There is no file or folder "nowhere"' },
    { args: ['src', '-d', 'dist', '-s=both'], code: 2, says: '--source-maps is "=both"' },
    { args: ['src', '-d', 'dist', '--source-maps=both'], code: 2, says: '--source-maps is "both", which @swc/core does not know' },
    { args: ['src', '-d', '.', '--delete-dir-on-start'], code: 2, says: '--delete-dir-on-start would delete' },
    { args: ['src', '-d', 'dist', '--config-file', 'nowhere.swcrc'], code: 3, says: 'There is no configuration file "nowhere.swcrc"' },
    { args: ['src', '-d', '.swcrc'], code: 1, says: 'cannot be written' },
    { args: ['src', '-d', 'dist', '-C', '=1'], code: 2, says: '--config is "=1"' },
  ])('refuses $args', async ({ args, code, says }) => {
    const end = await project.build(...args)
    expect(end.output).toContain(says)
    expect(end.code).toBe(code)
  })

  test('says what to install where there is no @swc/core', async () => {
    const bare = await SwcProject.create()
    using _ = bare
    const hidden = bare.host.file('node_modules/@swc')
    const { rmSync } = await import('node:fs')
    rmSync(hidden, { recursive: true })
    const built = await bare.build('src', '-d', 'dist')
    expect(built.output).toContain('catga/swc needs @swc/core beside catga: npm install --save-dev @swc/core.')
    expect(built.code).toBe(1)
    const patched = await bare.host.run(['--import', 'catga/swc/patch', '-e', '1'])
    expect(patched.output).toContain('npm install --save-dev @swc/core')
    expect(patched.code).not.toBe(0)
  })

  test('comes to an end in folders that link to each other, and names a file that cannot be read', async () => {
    project.host.write('linked/a/one.ts', 'export const one: number = 1\n')
    symlinkSync(project.host.file('linked'), project.host.file('linked/a/again'), 'junction')
    expect((await project.build('linked', '-d', 'linked-out', '-q')).output).toBe('')
    expect(filesIn('linked-out')).toEqual(['linked/a/one.js', 'linked/a/one.js.map'])
    project.host.write('locked/secret.ts', 'export const secret: number = 1\n')
    project.host.write('locked/open.ts', 'export const open: number = 1\n')
    chmodSync(project.host.file('locked/secret.ts'), 0)
    const { code, output } = await project.build('locked', '-d', 'locked-out')
    // The super user may read everything.
    if (process.getuid?.() === 0) expect(code).toBe(0)
    else expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(/locked[\\/]secret\.ts.*EACCES/s) })
    expect(filesIn('locked-out')).toContain('locked/open.js')
  })
})

describe('watching', () => {
  test('compiles what changes, diagnoses again what reads it, removes what is gone, and ends on Ctrl-C', async () => {
    const { host } = project
    host.write('w/order.process.ts', ORDER)
    host.write('w/trace.ts', host.read('src/trace.ts'))
    host.write('w/shop/price.ts', host.read('src/shop/price.ts'))
    const main = host.file('node_modules/catga/dist/cli/main.js')
    await using child = host.start([main, 'build', '--swc', 'w', '-d', 'w-out', '--watch'])
    await child.line(/^Watching for changes/)
    host.write('w/order.process.ts', WRONG)
    await child.line(/CATGA101/)
    host.write('w/order.process.ts', ORDER.replace("'paid'", "'settled'"))
    await child.line(/^Compiled 1 file with swc \(1 with processes\)/)
    expect(host.read('w-out/w/order.process.js')).toContain("'settled'")
    host.write('w/shop/price.ts', 'export function price(items: readonly string[]): number {\n  return items.length * Date.now()\n}\n')
    await child.line(/price\.ts.*(?:error|warning) CATGA\d+|(?:error|warning) CATGA\d+.*price/)
    host.write('w/late/new.ts', 'export const late: number = 1\n')
    await until(() => host.has('w-out/w/late/new.js'))
    const { rmSync } = await import('node:fs')
    rmSync(host.file('w/late/new.ts'))
    await until(() => !host.has('w-out/w/late/new.js') && !host.has('w-out/w/late/new.js.map'))
    process.kill(child.pid, 'SIGINT')
    expect(await child.ended()).toMatchObject({ code: 0, output: expect.stringMatching(/Stopped\.$/) })
    expect(filesIn('w-out').filter((file) => file.endsWith('.tmp'))).toEqual([])
  })
})

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(20)
}
