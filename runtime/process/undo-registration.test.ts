import { describe, expect, test } from 'vitest'
import { RegistrationError } from '../contracts/errors.ts'
import { MemoryJournalStore } from '../memory/memory-journal-store.ts'
import { createApp } from './app.ts'
import type { ProcessClass } from './definition.ts'
import { define } from './definition.ts'
import type { ProcessAccess } from './manifest.ts'
import { ABI } from './manifest.ts'
import { PACKAGE_VERSION } from './package-version.ts'

class Base {
  async release(): Promise<void> {}
  get reservation(): () => void {
    throw new Error('read without an instance')
  }
}

/** A process whose step `reserve` names an undo; its base class is one the compiler has not seen. */
function reserving(compensate: string, access?: ProcessAccess) {
  class Reserving extends Base {
    async execute(_input: null): Promise<void> {}
    async reserve(): Promise<void> {}
  }
  const manifest = {
    abi: ABI,
    compiler: `${PACKAGE_VERSION}+00000000`,
    process: 'Reserving',
    className: 'Reserving',
    file: 'reserving.ts',
    steps: [{ method: 'reserve', name: 'reserve', compensate }],
    functions: [{ name: 'execute', sites: [], branches: [] }],
    interleaving: 'sequential',
    shape: 'x',
  } as const
  define(Reserving, manifest, access)
  return Reserving
}

function register(processClass: ProcessClass): void {
  createApp({ journal: new MemoryJournalStore() }).process(processClass, () => new Base() as never)
}

describe('the undo of a step, at registration', () => {
  test.each(['realease', 'reservation', '#release', 'reserve', 'execute'])('is refused where it cannot be called: %s', (compensate) => {
    expect(() => register(reserving(compensate))).toThrow(RegistrationError)
    expect(() => register(reserving(compensate))).toThrow(new RegExp(`Reserving.*"reserve".*"${compensate}".*compensate`))
  })

  test('may be inherited from a class of another file, or be a #private method', () => {
    expect(() => register(reserving('release'))).not.toThrow()
    expect(() => register(reserving('#release', { privates: { '#release': () => undefined } }))).not.toThrow()
  })
})
