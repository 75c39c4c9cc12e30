/** `catga/swc` and `catga/swc/patch` from the packed tarball, in the hands of programs and of tools that load swc themselves. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installedNodes } from '../../support/host-project.ts'
import { lineOf, ORDER, SwcProject } from './swc-project.ts'

let project: SwcProject

const WRONG = ORDER.replace('private async reserve', 'private reserve')

beforeAll(async () => {
  project = await SwcProject.create()
  project.host.write('wrong/order.process.ts', WRONG)
}, 180_000)

afterAll(() => project[Symbol.dispose]())

async function answerOf(script: string, node?: (typeof NODES)[number], ...flags: readonly string[]): Promise<unknown> {
  project.host.write('script.mjs', script)
  const { code, output } = await project.host.run([...flags, 'script.mjs'], { ...(node !== undefined && { node }) })
  if (code !== 0) throw new Error(output)
  return JSON.parse(output.split('\n').findLast((line) => /^[[{]/.test(line)) ?? output)
}

const NODES = installedNodes()

describe('drop-in', () => {
  test('gives files without a process to swc as they are', async () => {
    const answer = await answerOf(`
      import * as swc from '@swc/core'
      import * as catga from 'catga/swc'
      import { readFileSync } from 'node:fs'
      const equal = []
      for (const file of ['src/trace.ts', 'src/shop/mention.ts', 'src/shop/plain.js', 'src/main.ts']) {
        for (const options of [{}, { sourceMaps: true }, { sourceMaps: 'inline', swcrc: false, jsc: { parser: { syntax: 'typescript' } } }, { minify: true, sourceRoot: '/r' }]) {
          const text = readFileSync(file, 'utf8')
          const named = { ...options, filename: file }
          const pairs = [
            [await swc.transform(text, named), await catga.transform(text, named)],
            [swc.transformSync(text, named), catga.transformSync(text, named)],
            [await swc.transformFile(file, options), await catga.transformFile(file, options)],
            [swc.transformFileSync(file, options), catga.transformFileSync(file, options)],
          ]
          equal.push(...pairs.map(([a, b]) => JSON.stringify(a) === JSON.stringify(b)))
        }
      }
      const failures = []
      for (const make of [() => swc.transformFile('none.ts'), () => catga.transformFile('none.ts'), () => swc.transformSync('a b', {}), () => catga.transformSync('a b', {})]) {
        try { await make() } catch (error) { failures.push(error.message.split('Stack')[0]) }
      }
      const rest = Object.keys(swc).filter((name) => !(name in catga) && name !== 'default')
      const tree = await catga.transform(catga.parseSync('const a = 1'), { jsc: { target: 'es5' } })
      console.log(JSON.stringify({ equal: [...new Set(equal)], count: equal.length, failures, rest, tree: tree.code, version: catga.version === swc.version }))
    `)
    expect(answer).toMatchObject({ equal: [true], count: 64, tree: 'var a = 1;\n', version: true })
    const { failures, rest } = answer as { readonly failures: readonly string[]; readonly rest: readonly string[] }
    expect(failures).toHaveLength(4)
    expect([failures[0], failures[2]]).toEqual([failures[1], failures[3]])
    expect(rest.filter((name) => !/^(?:__|experimental_|module\.exports)/.test(name))).toEqual([
      'Compiler',
      'bundle',
      'getBinaryMetadata',
      'plugins',
    ])
  })

  test('compiles processes the same way through all four, by import and by require', async () => {
    const answer = await answerOf(`
      import { createRequire } from 'node:module'
      import { readFileSync } from 'node:fs'
      import * as catga from 'catga/swc'
      const required = createRequire(import.meta.url)('catga/swc')
      const file = 'src/order.process.ts'
      const text = readFileSync(file, 'utf8')
      const outputs = []
      for (const swc of [catga, required]) {
        outputs.push(await swc.transform(text, { filename: file }), swc.transformSync(text, { filename: file }), await swc.transformFile(file), swc.transformFileSync(file))
      }
      const inline = catga.transformSync(text, { filename: file, sourceMaps: 'inline' })
      const none = catga.transformSync(text, { filename: file, sourceMaps: false })
      console.log(JSON.stringify({
        same: new Set(outputs.map((output) => JSON.stringify(output))).size, code: outputs[0].code.includes('catga/emitted'), map: JSON.parse(outputs[0].map).sources,
        inline: [inline.map ?? null, inline.code.startsWith(outputs[0].code + '\\n//# sourceMappingURL=data:application/json;base64,')],
        none: [none.map ?? null, none.code === outputs[0].code],
      }))
    `)
    expect(answer).toEqual({ same: 1, code: true, map: ['src/order.process.ts'], inline: [null, true], none: [null, true] })
  })

  test('fails with code and place where a process is wrong', async () => {
    const answer = await answerOf(`
      import * as catga from 'catga/swc'
      const seen = []
      for (const make of [() => catga.transformFile('wrong/order.process.ts'), () => catga.transformFileSync('wrong/order.process.ts')]) {
        try { await make() } catch (error) { seen.push({ name: error.name, code: error.code, file: error.file, line: error.line, column: error.column, frame: error.frame, message: error.message, known: error instanceof catga.ProcessCompileError }) }
      }
      console.log(JSON.stringify(seen))
    `)
    const line = lineOf(WRONG, 'private reserve')
    const file = project.host.file('wrong/order.process.ts')
    const error = {
      name: 'ProcessCompileError',
      code: 'CATGA101',
      file,
      line,
      column: 11,
      known: true,
      frame: expect.stringContaining(`> ${line} |   private reserve(id: string)`),
      message: expect.stringContaining(`${file}(${line},11): error CATGA101: Step "reserve" is not async`),
    }
    expect(answer).toEqual([error, error])
  })
})

describe('patch', () => {
  test('compiles processes in the worker threads of a tool: the command of swc itself', async () => {
    const { code, output } = await project.host.run([
      '--import',
      'catga/swc/patch',
      project.host.command('@swc/cli', 'swc'),
      'src',
      '-d',
      'patched',
    ])
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('Successfully compiled') })
    expect((await project.build('src', '-d', 'built')).code).toBe(0)
    for (const file of ['order.process.js', 'order.process.js.map', 'main.js', 'shop/mention.js']) {
      expect(project.host.read(`patched/src/${file}`)).toBe(project.host.read(`built/src/${file}`))
    }
    const wrong = await project.host.run(['--import', 'catga/swc/patch', project.host.command('@swc/cli', 'swc'), 'wrong', '-d', 'patched'])
    expect(wrong.code).toBe(1)
    expect(wrong.output).toContain('error CATGA101')
  })

  test('reaches named imports, namespaces and require, twice as well as once, through NODE_OPTIONS', async () => {
    project.host.write(
      'tool.mjs',
      `
      import { createRequire } from 'node:module'
      import swc, { transformFileSync } from '@swc/core'
      import * as space from '@swc/core'
      const required = createRequire(import.meta.url)('@swc/core')
      const file = 'src/order.process.ts'
      const outputs = [transformFileSync(file), swc.transformFileSync(file), await space.transformFile(file), required.transformFileSync(file)]
      console.log(JSON.stringify(outputs.map(({ code }) => code.split("from 'catga/emitted'").length + code.split('from "catga/emitted"').length - 2)))
    `,
    )
    const env = { NODE_OPTIONS: '--import catga/swc/patch --import catga/swc/patch' }
    for (const node of [undefined, ...NODES]) {
      const { output } = await project.host.run(['tool.mjs'], { env, ...(node !== undefined && { node }) })
      expect(output).toBe('[1,1,1,1]')
    }
    expect(
      (await project.host.run(['--require', 'catga/swc/patch', 'tool.mjs'], { ...(NODES[0] && { node: NODES[0] }) })).output,
    ).toContain('[1,1,1,1]')
  })
})
