/** Every compile fixture through the real `tspc`, in all supported combinations, and then run by node. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root, toolchains } from './support/toolchain.ts'
import type { CompilerOptions } from './support/tspc-project.ts'
import { TspcProject } from './support/tspc-project.ts'

const fixtures = join(root, 'fixtures')
const all = readdirSync(join(fixtures, 'compile')).sort()
const standard = all.filter((name) => name !== 'legacy-decorators')

/** What only standard decorators can: sit on `#private` methods and class expressions, and return what those of others here do. */
const standardOnly = new Set(['private-steps', 'class-expression', 'other-decorators'])
const legacy = all.filter((name) => !standardOnly.has(name))

/** What stays in output for ESNext and no Node can read yet: decorators of others, and `using`. */
const lowered = new Set(['other-decorators', 'resources'])

function addFixtures(project: TspcProject, names: readonly string[]): void {
  project.copy(join(fixtures, 'fixture.ts'), 'src/fixture.ts')
  project.copy(join(fixtures, 'run-fixture.ts'), 'src/run-fixture.ts')
  for (const name of names) {
    for (const file of ['input.ts', 'run.ts']) project.copy(join(fixtures, 'compile', name, file), `src/compile/${name}/${file}`)
  }
  const imports = names.map((name, i) => {
    return `import * as input${i} from './compile/${name}/input.ts'\nimport { default as run${i} } from './compile/${name}/run.ts'`
  })
  const calls = names.map((name, i) => `  await run('${name}', () => runFixture(input${i}, run${i}))`)
  project.write('src/main.ts', `${imports.join('\n')}\n${MAIN}async function main(): Promise<void> {\n${calls.join('\n')}\n}\n`)
}

const OPTIONS: CompilerOptions = { types: ['node'], lib: ['ES2023', 'ESNext.Disposable'], allowUnreachableCode: true }

const MAIN = `import { runFixture } from './run-fixture.ts'
let ran = 0
void main().then(() => console.log('ran', ran))
async function run(name: string, fixture: () => Promise<number>): Promise<void> {
  try {
    ran += await fixture() > 0 ? 1 : 0
  } catch (error) {
    console.log(name, error)
    process.exitCode = 1
  }
}
`

describe.each(toolchains)('$name', (toolchain) => {
  const modules = ['module', 'commonjs'] as const
  const targets = ['ES2022', 'ESNext'] as const

  test.each(modules.flatMap((type) => targets.map((target) => ({ type, target }))))(
    'compiles all fixtures to $type for $target',
    async ({ type, target }) => {
      using project = new TspcProject(toolchain, type)
      const names = standard.filter((name) => target !== 'ESNext' || !lowered.has(name))
      addFixtures(project, names)
      project.configure({ target, ...OPTIONS })
      expect(await project.tspc()).toEqual({ code: 0, output: '' })
      expect(project.read('out/compile/sequence/input.js')).toContain('$catga.step(this, $m, 0)')
      expect(project.read('out/compile/const-enum/input.js')).toContain('this.double(...$s.call(0, [5 /* Speed.Fast */]))')
      const { code, output } = await project.node('--no-warnings', 'out/main.js')
      expect({ code, output }).toEqual({ code: 0, output: `ran ${names.length}\n` })
    },
  )

  test('compiles fixtures with legacy decorators and their metadata', async () => {
    using project = new TspcProject(toolchain)
    addFixtures(project, legacy)
    project.configure({ experimentalDecorators: true, emitDecoratorMetadata: true, ...OPTIONS })
    expect(await project.tspc()).toEqual({ code: 0, output: '' })
    const { code, output } = await project.node('--no-warnings', 'out/main.js')
    expect({ code, output }).toEqual({ code: 0, output: `ran ${legacy.length}\n` })
  })
})
