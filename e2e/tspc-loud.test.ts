/**
 * What the compiler cannot see, the engine refuses: calls of compiled steps from code that is not compiled, classes that
 * are not compiled, output of another compiler. Never silence, never an unjournaled step.
 */
import { describe, expect, test } from 'vitest'
import { VERSION } from '../transformer/index.ts'
import { toolchains } from './support/toolchain.ts'
import { TspcProject } from './support/tspc-project.ts'

const [six] = toolchains

const SHIPPING = `import { CatgaProcess, ProcessStep } from 'catga'
import { outside } from './outside.ts'

@CatgaProcess()
export class Shipping {
  async execute(how: string): Promise<string> {
    outside.call(how, this)
    await this.note(how)
    return 'never reached'
  }

  @ProcessStep()
  async ship(): Promise<string> {
    return 'shipped'
  }

  @ProcessStep({ retry: 1 })
  async note(how: string): Promise<string> {
    return outside.fromStep(how, this)
  }
}
`

const OUTSIDE = `import type { Shipping } from './shipping.ts'

/** Code of another module that gets hold of a running process. */
export const outside = {
  call(how: string, process: Shipping): void {
    if (how === 'method') void process.ship()
    if (how === 'detached') {
      const { ship } = process
      void ship.call(process)
    }
    if (how === 'computed') void process[('sh' + 'ip') as 'ship']()
  },
  async fromStep(how: string, process: Shipping): Promise<string> {
    return how === 'from a step' ? process.ship() : 'noted'
  },
}
`

const SUBCLASSES = `import { Shipping } from './shipping.ts'

export class Undecorated extends Shipping {
  override async execute(how: string): Promise<string> {
    return (await this.ship()) + how
  }
}
`

const UNCOMPILED = `import { Durable, Step } from './decorators.ts'

@Durable()
export class Uncompiled {
  async execute(_input: string): Promise<string> {
    return this.step()
  }

  @Step()
  async step(): Promise<string> {
    return 'not journaled'
  }
}
`

/** By way of another module and under another name the compiler does not know them. */
const DECORATORS = `export { CatgaProcess as Durable, ProcessStep as Step } from 'catga'
`

const MAIN = `import { createApp, MemoryJournalStore } from 'catga'
import { Shipping } from './shipping.ts'
import { Undecorated } from './subclasses.ts'
import { Uncompiled } from './uncompiled.ts'

process.on('unhandledRejection', () => {})

async function outcome(run: () => Promise<unknown>): Promise<string> {
  try {
    return String(await run())
  } catch (error) {
    const { code, cause } = error as { code?: string; cause?: { code?: string; message: string } }
    return [code, cause?.code].filter(Boolean).join(': ')
  }
}

async function main(): Promise<void> {
  for (const how of ['method', 'detached', 'computed', 'from a step']) {
    await using app = createApp({ journal: new MemoryJournalStore() }).process(Shipping, () => new Shipping())
    console.log(how + ' →', await outcome(() => app.run(Shipping, how, { id: how })))
  }
  for (const other of [Undecorated, Uncompiled]) {
    console.log(other.name + ' →', await outcome(async () => createApp({ journal: new MemoryJournalStore() }).process(other, () => new other())))
  }
}
main().catch((error: unknown) => console.log(String(error)))
`

function project(): TspcProject {
  const created = new TspcProject(six)
  const files = { shipping: SHIPPING, outside: OUTSIDE, subclasses: SUBCLASSES, uncompiled: UNCOMPILED, decorators: DECORATORS, main: MAIN }
  for (const [name, text] of Object.entries(files)) created.write(`src/${name}.ts`, text)
  created.configure({ types: ['node'], incremental: true, lib: ['ES2023', 'ESNext.Disposable'] })
  return created
}

describe('what the compiler cannot see', () => {
  test('is refused by the engine', async () => {
    using built = project()
    expect(await built.tspc('-b')).toEqual({ code: 0, output: '' })
    const { output } = await built.node('--no-warnings', 'out/main.js')
    expect(output.trim().split('\n')).toEqual([
      'method → process-stuck: lost-call',
      'detached → process-stuck: lost-call',
      'computed → process-stuck: lost-call',
      'from a step → process-stuck: lost-call',
      'Undecorated → not-compiled',
      'Uncompiled → not-compiled',
    ])
  })

  test('includes output that tsc kept although the plugin changed', async () => {
    using built = project()
    expect(await built.tspc('-b')).toEqual({ code: 0, output: '' })
    // What an older plugin would have left behind. Nothing tells tsc to write it anew.
    built.write('out/shipping.js', built.read('out/shipping.js').replace(VERSION, '0.0.1+00000000'))
    expect(await built.tspc('-b')).toEqual({ code: 0, output: '' })
    expect(built.read('out/shipping.js')).toContain('0.0.1+00000000')
    const refused = await built.node('--no-warnings', 'out/main.js')
    expect(refused.output).toMatch(/NotCompiledError: .*compiled by catga 0\.0\.1\+00000000, this is catga .*tspc -b --force/)
    expect(await built.tspc('-b', '--force')).toEqual({ code: 0, output: '' })
    expect((await built.node('--no-warnings', 'out/main.js')).output).toContain('method → process-stuck: lost-call')
  })
})
