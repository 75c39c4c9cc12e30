import { expect, test } from 'vitest'
import { SeededRandom } from '../testing/seeded-random.ts'
import { canonicalDigest, canonicalEqual } from './canonical.ts'
import { createCodec } from './msgpack-codec.ts'
import { randomValue } from './random-value.test-support.ts'

const codec = createCodec()
const payload = (value: unknown) => codec.encode(value, 'value')

test('the order of object keys does not matter, at any depth', () => {
  const a = payload({ x: 1, y: [{ p: 1, q: 2 }], z: new Map([['k', { m: 1, n: 2 }]]) })
  const b = payload({ z: new Map([['k', { n: 2, m: 1 }]]), y: [{ q: 2, p: 1 }], x: 1 })
  expect(canonicalEqual(a, b)).toBe(true)
  expect(canonicalDigest(a)).toBe(canonicalDigest(b))
})

test.each<[string, unknown, unknown]>([
  ['member values', { a: 1 }, { a: 2 }],
  ['an undefined member', { a: undefined }, {}],
  ['zeros', [0], [-0]],
  ['kinds', [1n], [1]],
  [
    'map order',
    new Map([
      ['a', 1],
      ['b', 2],
    ]),
    new Map([
      ['b', 2],
      ['a', 1],
    ]),
  ],
  ['set order', new Set([1, 2]), new Set([2, 1])],
  ['byte kinds', { d: new Int8Array(2) }, { d: new Uint8Array(2) }],
])('differs by %s', (_, a, b) => {
  expect(canonicalEqual(payload(a), payload(b))).toBe(false)
  expect(canonicalDigest(payload(a))).not.toBe(canonicalDigest(payload(b)))
})

test('recorded arguments are the same as list and as bytes', () => {
  expect(canonicalEqual([1, 'a', undefined], payload([1, 'a', undefined]))).toBe(true)
  expect(canonicalEqual([1, 'a'], [1, 'a', undefined])).toBe(false)
  expect(canonicalEqual('a', 'a')).toBe(true)
  expect(canonicalEqual(NaN, NaN)).toBe(true)
  expect(canonicalEqual(null, undefined)).toBe(false)
})

test('instances of registered classes compare by their plain form, without the class', () => {
  class Money {
    readonly #cents: number
    constructor(cents: number) {
      this.#cents = cents
    }
    get cents(): number {
      return this.#cents
    }
  }
  const withMoney = createCodec({
    classes: [
      { name: 'Money', class: Money, toPlain: (m: Money) => ({ cents: m.cents }), fromPlain: (p: { cents: number }) => new Money(p.cents) },
    ],
  })
  const money = (cents: number) => withMoney.encode({ total: new Money(cents) }, 'value')
  expect(canonicalEqual(money(5), money(5))).toBe(true)
  expect(canonicalEqual(money(5), money(6))).toBe(false)
  expect(canonicalEqual(money(5), payload({ total: { cents: 5 } }))).toBe(false)
})

test('random values equal themselves with keys shuffled', () => {
  for (let seed = 0; seed < 500; seed++) {
    const value = randomValue(new SeededRandom(seed), 3)
    const shuffled = shuffleKeys(value)
    expect(canonicalEqual(payload([value]), payload([shuffled])), `seed ${seed}`).toBe(true)
    expect(canonicalDigest(payload([value]))).toBe(canonicalDigest(payload([shuffled])))
  }
})

test('the digest of a value never changes', () => {
  expect(canonicalDigest(payload({ b: [1, 'x', null], a: 2n }))).toMatchInlineSnapshot(
    `"sha256:d8df4eb18952365e192e0e187eff9820a45cb57a138128e5e83b56098d7a1f79"`,
  )
})

function shuffleKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffleKeys)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, shuffleKeys(member)]),
  )
}
