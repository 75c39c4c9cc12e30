import type { Call } from './program.ts'

/** What a body or an undo did to the world outside, under which idempotency key. */
export interface Effect {
  readonly instance: string
  readonly key: string
  readonly call: Call
}

/**
 * The world outside: counts effects by idempotency key, as a payment provider would.
 *
 * Invariant: a key stands for one call of process code with one list of arguments, and a call for one key.
 */
export class Ledger {
  readonly effects = new Map<string, number>()
  /** Undos by instance, in the order each first took place. */
  readonly undos = new Map<string, { readonly key: string; readonly known: boolean }[]>()
  bodies = 0
  /** Keys of calls of `charge`, which is undone when nobody knows whether it took place. */
  readonly charges = new Map<string, Set<string>>()
  readonly #keys = new Map<string, string>()
  readonly #calls = new Map<string, string>()
  readonly #wrong: (what: string) => void

  constructor(wrong: (what: string) => void) {
    this.#wrong = wrong
  }

  began({ instance, key, step, call }: Effect & { readonly step: string }): void {
    this.bodies++
    const id = `${instance} ${call.uid}`
    const what = `${id} ${step} ${call.tag} ${call.mix}`
    if ((this.#keys.get(id) ?? key) !== key) this.#wrong(`${id} runs under two keys, ${this.#keys.get(id)} and ${key}`)
    if ((this.#calls.get(key) ?? what) !== what) this.#wrong(`key ${key} stands for "${this.#calls.get(key)}" and for "${what}"`)
    this.#keys.set(id, key)
    this.#calls.set(key, what)
    if (step !== 'charge') return
    const charges = this.charges.get(instance) ?? new Set()
    this.charges.set(instance, charges.add(key))
  }

  effect({ key }: Effect & { readonly step: string }): void {
    this.effects.set(key, (this.effects.get(key) ?? 0) + 1)
  }

  undone({ instance, key, known }: Effect & { readonly known: boolean }): void {
    const undos = this.undos.get(instance) ?? []
    this.undos.set(instance, undos)
    if (!undos.some((undo) => undo.key === key)) undos.push({ key, known })
  }
}
