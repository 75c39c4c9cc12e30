import { expect, test } from 'vitest'
import { Bare, OrderProcess } from '../../fixtures/processes/orders.ts'
import { Saga } from '../../fixtures/processes/saga.ts'
import { Derived } from '../../fixtures/processes/derived.ts'
import { LostCallError, NotCompiledError, type ProcessStuckError, RegistrationError } from '../contracts/errors.ts'
import { MemoryJournalStore } from '../memory/memory-journal-store.ts'
import { createApp } from './app.ts'
import { define, ProcessDefinition } from './definition.ts'
import { ABI, type ProcessManifest } from './manifest.ts'
import { PACKAGE_VERSION } from './package-version.ts'

const app = () => createApp({ journal: new MemoryJournalStore() })

function manifest(changes: Partial<ProcessManifest>): ProcessManifest {
  const execute = { name: 'execute', sites: [], branches: [] }
  return {
    abi: ABI,
    compiler: `${PACKAGE_VERSION}+00000000`,
    process: 'Made',
    className: 'Made',
    file: 'made.ts',
    steps: [],
    functions: [execute],
    interleaving: 'sequential',
    shape: 'x',
    ...changes,
  }
}

function made(changes: Partial<ProcessManifest>) {
  class Made {
    async execute(_input: null): Promise<void> {}
  }
  define(Made, manifest(changes))
  return Made
}

test('a class that the plugin has not seen is refused, with how to add the plugin', () => {
  class Plain {
    async execute(): Promise<void> {}
  }
  expect(() => app().process(Plain, () => new Plain())).toThrow(NotCompiledError)
  expect(() => app().process(Plain, () => new Plain())).toThrow(/Plain.*catga\/transformer.*tspc/s)
})

test('emitted code of another ABI is refused when it is loaded, of another version when it is registered, with both versions', () => {
  for (const abi of [ABI + 1, ABI - 1]) {
    expect(() => made({ abi })).toThrow(NotCompiledError)
    expect(() => made({ abi })).toThrow(new RegExp(`ABI ${abi}.*ABI ${ABI}`))
  }
  for (const compiler of ['0.0.1+00000000', '99.0.0+00000000', `${PACKAGE_VERSION}1+00000000`, '']) {
    const Made = made({ compiler })
    expect(() => app().process(Made, () => new Made())).toThrow(NotCompiledError)
    expect(() => app().process(Made, () => new Made())).toThrow(new RegExp(PACKAGE_VERSION.replaceAll('.', String.raw`\.`)))
  }
  const Made = made({})
  expect(() => app().process(Made, () => new Made())).not.toThrow()
})

test('classes compiled with other options than one another are refused in one app', () => {
  const One = made({ compiler: `${PACKAGE_VERSION}+11111111` })
  const Two = made({ compiler: `${PACKAGE_VERSION}+22222222`, process: 'Other' })
  const on = app().process(One, () => new One())
  expect(() => on.process(Two, () => new Two())).toThrow(NotCompiledError)
  expect(() => app().process(Two, () => new Two())).not.toThrow()
})

test('a name or a class registered twice is refused', () => {
  const on = app().process(Bare, () => new Bare())
  expect(() => on.process(Bare, () => new Bare())).toThrow(RegistrationError)
  const Other = made({ process: 'Bare', compiler: new ProcessDefinition(Bare).manifest.compiler })
  expect(() => on.process(Other, () => new Other())).toThrow(/Bare/)
})

test('a subclass that the plugin has not compiled is refused, and so is an instance with a replaced step', async () => {
  class Sub extends Bare {}
  expect(() => app().process(Sub, () => new Sub())).toThrow(NotCompiledError)

  class Override extends Bare {
    override async execute(): Promise<void> {}
  }
  Object.defineProperty(Override.prototype, 'nothing', { value: async () => undefined })
  for (const create of [() => new Override(), () => Object.assign(new Bare(), { nothing: async () => undefined })]) {
    const on = app().process(Bare, create)
    const error = (await on.run(Bare, undefined).catch((thrown: unknown) => thrown)) as ProcessStuckError
    expect(error.cause).toBeInstanceOf(NotCompiledError)
    expect((error.cause as Error).message).toContain('nothing')
    await on.close()
  }
})

test('a factory that answers the object of another run is told so', async () => {
  const shared = new Bare()
  const on = app().process(Bare, () => shared)
  await on.run(Bare, undefined)
  await expect(on.run(Bare, undefined)).rejects.toMatchObject({
    code: 'process-stuck',
    cause: { code: 'registration', message: expect.stringContaining('Make a fresh one each time') as string },
  })
  await on.close()
})

test('a factory that answers something else is told so', async () => {
  for (const wrong of [undefined, {}, new OrderProcess()]) {
    const on = app().process(Bare, () => wrong as never)
    await expect(on.run(Bare, undefined)).rejects.toMatchObject({ code: 'process-stuck', cause: { code: 'registration' } })
    await on.close()
  }
})

/** What other code may do to a live instance. */
const CALLS: Readonly<Record<string, (saga: Saga) => unknown>> = {
  'another variable for this': (self) => (self as unknown as { c(): unknown }).c(),
  'a detached reference': (self) => {
    const { c } = self as unknown as { c(): unknown }
    return Reflect.apply(c, self, [])
  },
  'a computed name': (self) => (self as unknown as Record<string, () => unknown>)[['c'].join('')]!(),
  'a bound method': (self) => (self as unknown as { c(): unknown }).c.bind(self)(),
  'execute itself': (self) => self.execute({ plot: 'straight' }),
}

for (const [name, call] of Object.entries(CALLS)) {
  test(`a step of a live instance that other code calls (${name}) throws with the fix, and the body does not run`, async () => {
    let live: Saga | undefined
    const bodies: string[] = []
    const thrown: unknown[] = []
    const on = app().process(Saga, () => {
      live = new Saga(async (step) => {
        bodies.push(step)
        if (step !== 'a') return step
        try {
          await call(live!)
        } catch (error) {
          thrown.push(error)
        }
        return step
      })
      return live
    })
    const error = (await on.run(Saga, { plot: 'straight' }).catch((reason: unknown) => reason)) as ProcessStuckError
    expect(thrown).toEqual([expect.any(LostCallError)])
    expect((thrown[0] as Error).message).toMatch(/Saga\.(c|execute).*this\.(c|execute)/)
    expect(error.cause).toMatchObject({ code: 'lost-call' })
    expect(bodies).toEqual(['a'])
    await on.close()
  })
}

test('plain use: no engine, no journal, an ordinary class', async () => {
  const seen: string[] = []
  const saga = new Saga((step, _args, context) => {
    seen.push(`${step} ${context.attempt} ${context.signal.aborted}`)
    return step
  })
  expect(await saga.execute({ plot: 'parallel' })).toEqual(['a', 'b', 'c'])
  expect(seen).toEqual(['a 1 false', 'b 1 false', 'c 1 false'])
  await saga.undoA('a', { item: 'x' })
  expect(seen.at(-1)).toBe('undoA 1 false')
  const error = new Error('mine')
  const failing = new Saga((step) => {
    if (step === 'c') throw error
    return step
  })
  await expect(failing.execute({ plot: 'straight' })).rejects.toBe(error)
  const derived = new Derived(() => undefined)
  const before = Date.now()
  const { times } = (await derived.execute(null)) as { times: number[] }
  expect(times[0]).toBeGreaterThanOrEqual(before)
})

test('plain use beside a running engine stays plain', async () => {
  const on = app().process(
    Saga,
    () => new Saga(async (step) => (step === 'a' ? await new Saga((inner) => `plain ${inner}`).execute({ plot: 'straight' }) : step)),
  )
  expect(await on.run(Saga, { plot: 'straight' })).toEqual([['plain a', 'plain b', 'plain c'], 'b', 'c'])
  await on.close()
})
