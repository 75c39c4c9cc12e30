import { describe, expect, test } from 'vitest'
import { DecodeError, LimitExceededError, NotSerializableError } from '../contracts/errors.ts'
import type { Payload } from '../contracts/journal-entry.ts'
import { SeededRandom } from '../testing/seeded-random.ts'
import { createCodec } from './msgpack-codec.ts'
import { randomValue } from './random-value.test-support.ts'
import { sameKind } from './same-kind.test-support.ts'

const codec = createCodec()
const roundTrip = (value: unknown): unknown => codec.decode(codec.encode(value, 'value'), 'value')
const bytes = (value: unknown): Uint8Array => {
  const payload = codec.encode(value, 'value')
  if (!(payload instanceof Uint8Array)) throw new TypeError('expected bytes')
  return payload
}
const refusal = (value: unknown): NotSerializableError => {
  try {
    codec.encode(value, 'result of step "charge"')
  } catch (error) {
    if (error instanceof NotSerializableError) return error
    throw error
  }
  throw new Error('was not refused')
}

describe('values keep their kind', () => {
  test('primitives need no bytes', () => {
    for (const value of [undefined, null, true, 0, -0, NaN, 'text', '\ud800', 5n])
      expect(Object.is(codec.encode(value, 'value'), value)).toBe(true)
  })

  test('random values of every kind come back the same', () => {
    let containers = 0
    for (let seed = 0; seed < 3000; seed++) {
      const value = randomValue(new SeededRandom(seed), 4)
      if (typeof value === 'object' && value !== null) containers++
      const difference = sameKind(value, roundTrip(value), '')
      if (difference !== undefined) expect.fail(`seed ${seed}: ${difference}`)
    }
    expect(containers).toBeGreaterThan(2000)
  })

  test('key order, undefined members and __proto__ survive, and no prototype is touched', () => {
    const value = JSON.parse('{"b":1,"a":2,"__proto__":{"polluted":true},"constructor":3,"toJSON":4,"hasOwnProperty":5}') as Record<
      string,
      unknown
    >
    value['none'] = undefined
    const copy = roundTrip(value) as Record<string, unknown>
    expect(Object.keys(copy)).toEqual(Object.keys(value))
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
    expect(Object.hasOwn(copy, 'none')).toBe(true)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect((copy as { polluted?: unknown }).polluted).toBeUndefined()
  })

  test('a Buffer comes back as Uint8Array, an object without prototype as a plain one', () => {
    const copy = roundTrip({ data: Buffer.from('abc'), bare: Object.assign(Object.create(null), { a: 1 }) }) as {
      data: unknown
      bare: object
    }
    expect(Object.getPrototypeOf(copy.data)).toBe(Uint8Array.prototype)
    expect(Object.getPrototypeOf(copy.bare)).toBe(Object.prototype)
    expect(copy.bare).toEqual({ a: 1 })
  })

  test('errors keep name, message, code and cause', () => {
    class PaymentError extends Error {
      override readonly name = 'PaymentError'
      readonly code = 'declined'
    }
    const copy = roundTrip({ error: new PaymentError('no', { cause: new TypeError('root') }) }) as { error: Error & { code: string } }
    expect(copy.error).toBeInstanceOf(Error)
    expect([copy.error.name, copy.error.message, copy.error.code]).toEqual(['PaymentError', 'no', 'declined'])
    expect(copy.error.cause).toBeInstanceOf(TypeError)
  })

  test('registered classes come back as instances', () => {
    class Money {
      readonly cents: bigint
      constructor(cents: bigint) {
        this.cents = cents
      }
    }
    const withMoney = createCodec({
      classes: [{ name: 'Money', class: Money, toPlain: (money: Money) => money.cents, fromPlain: (cents: bigint) => new Money(cents) }],
    })
    const payload = withMoney.encode({ total: new Money(5n) }, 'value')
    expect((withMoney.decode(payload, 'value') as { total: Money }).total).toEqual(new Money(5n))
    expect(() => codec.decode(payload, 'value')).toThrow(/class "Money", which is not registered/)
  })

  test('decoded values share no memory with the payload or each other', () => {
    const payload = bytes({ data: new Uint8Array([1, 2, 3]) })
    const first = codec.decode(payload, 'value') as { data: Uint8Array }
    first.data[0] = 99
    expect(codec.decode(payload, 'value')).toEqual({ data: new Uint8Array([1, 2, 3]) })
  })

  test('data that msgpackr takes for something else comes back as it was', () => {
    const markedText = `\ufeff${'é'.repeat(80)}`
    const list = Object.assign([1], { constructor: Map })
    const value = { constructor: 1, toJSON: 'data', size: 3, [markedText]: markedText, nested: { constructor: 'Map' } }
    expect(sameKind(value, roundTrip(value), '')).toBeUndefined()
    expect(roundTrip({ list })).toEqual({ list: [1] })
    const wide = Object.fromEntries(Array.from({ length: 70_000 }, (_, i) => [`k${i}`, i]))
    expect(roundTrip(wide)).toEqual(wide)
  })

  test('a copy is what decoding the payload gives, with odd values inside', () => {
    for (let seed = 0; seed < 500; seed++) {
      const value = [randomValue(new SeededRandom(seed), 3)]
      const { payload, copy } = codec.copy(value, 'value')
      expect(payload).toEqual(codec.encode(value, 'value'))
      expect(sameKind(copy, codec.decode(payload, 'value'), ''), `seed ${seed}`).toBeUndefined()
    }
    expect(codec.copy('text', 'value')).toEqual({ payload: 'text', copy: 'text' })
    expect(() => codec.copy({ fn: () => 1 }, 'value')).toThrow(NotSerializableError)
  })

  test('a copy of plain data is what decoding the payload gives, and shares nothing with the original', () => {
    const shared = { sku: 'rug' }
    const value = { b: 1, 10: 'ten', a: [shared, shared, [], [undefined, null, 1n]], none: undefined, [Symbol('left out')]: 1, empty: {} }
    Object.defineProperty(value, 'hidden', { value: 1, enumerable: false })
    const { payload, copy } = codec.copy(value, 'value')
    const decoded = codec.decode(payload, 'value')
    expect(sameKind(copy, decoded, '')).toBeUndefined()
    expect(Reflect.ownKeys(copy as object)).toEqual(Reflect.ownKeys(decoded as object))
    const { a } = copy as { a: [{ sku: string }, { sku: string }] }
    expect(a[0]).not.toBe(a[1])
    a[0].sku = 'lamp'
    expect(shared.sku).toBe('rug')
  })

  test('toPlain and fromPlain may use the codec themselves', () => {
    class Box {
      readonly content: unknown
      constructor(content: unknown) {
        this.content = content
      }
    }
    const boxed = createCodec({
      classes: [
        {
          name: 'Box',
          class: Box,
          toPlain: (box: Box) => codec.encode({ content: box.content }, 'box'),
          fromPlain: (bytes: Uint8Array) => new Box((codec.decode(bytes, 'box') as { content: unknown }).content),
        },
      ],
    })
    const value = { a: [new Box(new Date(5)), 'between', new Box('x'.repeat(100_000))], after: 'text' }
    expect(boxed.copy(value, 'value').copy).toEqual(value)
    expect(boxed.decode(boxed.encode(value, 'value'), 'value')).toEqual(value)
  })

  test('nested holes are walked once', () => {
    let value: unknown[] = [1]
    for (let i = 0; i < 60; i++) {
      value = [value]
      value.length = 2
    }
    expect(sameKind(value, roundTrip(value), '')).toBeUndefined()
  })

  test('payloads stay as they were while others are written', () => {
    const payloads = Array.from({ length: 3000 }, (_, i) => bytes({ i, text: 'x'.repeat(i) }))
    payloads.forEach((payload, i) => expect(codec.decode(payload, 'value')).toEqual({ i, text: 'x'.repeat(i) }))
  })
})

describe('what does not survive is refused with its place', () => {
  class Money {
    readonly cents = 5
  }
  const cycle: { self?: unknown } = {}
  cycle.self = { back: [cycle] }
  const getter = Object.defineProperty({}, 'total', { get: () => expect.fail('the getter was called'), enumerable: true })
  test.each<[string, unknown, string, RegExp]>([
    ['function', { items: [1, 2, 3, { fn: () => 1 }] }, '.items[3].fn', /is the function "fn"/],
    ['symbol', { 'odd name': Symbol('x') }, '["odd name"]', /Symbol\(x\)/],
    ['class instance', [new Money()], '[0]', /class Money.*register the class/],
    ['cycle', cycle, '.self.back[0]', /contains it/],
    ['getter', { order: getter }, '.order.total', /a getter/],
    ['promise', { a: Promise.resolve(1) }, '.a', /a Promise.*"await"/],
    ['weak map', new WeakMap(), '', /WeakMap/],
    ['boxed', { n: Object(1) as unknown }, '.n', /boxed Number/],
    ['map value', new Map([['k', () => 1]]), '.values()[0]', /a function/],
    ['map key', new Map([[Symbol.iterator, 1]]), '.keys()[0]', /symbol/],
    ['set item', new Set([1, new Money()]), '.values()[1]', /Money/],
    ['error cause', new Error('x', { cause: new Money() }), '.cause', /Money/],
    ['error member', Object.assign(new Error('x'), { response: new Money() }), '.response', /Money/],
    ['stream', { body: new ReadableStream() }, '.body', /stream/],
    ['typed array subclass', new (class extends Int8Array {})(), '', /class/],
    ['top-level function', function charge() {}, '', /the function "charge"/],
  ])('%s', (_, value, path, text) => {
    const error = refusal(value)
    expect(error.path).toBe(`result of step "charge"${path}`)
    expect(error.message).toMatch(text)
  })

  test('a proxy whose trap throws does not break the codec', () => {
    const proxy = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('trap')
        },
      },
    )
    expect(() => codec.encode({ proxy }, 'value')).toThrow('trap')
    expect(roundTrip({ a: 1 })).toEqual({ a: 1 })
  })

  test('a proxy whose trap encodes does not mix payloads', () => {
    const inner = { text: 'y'.repeat(50_000) }
    const payloads: unknown[] = []
    const proxy = new Proxy(
      { a: 1, b: 'b' },
      {
        get: (target, key) => {
          payloads.push(codec.encode(inner, 'inner'))
          return Reflect.get(target, key) as unknown
        },
      },
    )
    expect(roundTrip({ before: 'x', proxy, after: 'z' })).toEqual({ before: 'x', proxy: { a: 1, b: 'b' }, after: 'z' })
    expect(payloads.length).toBeGreaterThan(4)
    for (const payload of payloads) expect(codec.decode(payload as Payload, 'inner')).toEqual(inner)
  })

  test('size and depth', () => {
    const small = createCodec({ maxBytes: 1000, maxDepth: 3 })
    expect(() => small.encode('x'.repeat(1001), 'value')).toThrow(LimitExceededError)
    expect(() => small.encode({ a: 'x'.repeat(1000) }, 'value')).toThrow(LimitExceededError)
    expect(() => small.encode({ a: new Uint8Array(1000) }, 'value')).toThrow(LimitExceededError)
    expect(() => small.encode({ a: new Float64Array(1000) }, 'value')).toThrow(LimitExceededError)
    expect(() => small.encode([[[[]]]], 'value')).toThrow(LimitExceededError)
    expect(() => small.encode(new Array(2 ** 31), 'value')).not.toThrow()
    expect(small.encode([[[]]], 'value')).toBeInstanceOf(Uint8Array)
    let deep: unknown = 1
    for (let i = 0; i < 100_000; i++) deep = [deep]
    expect(() => codec.encode(deep, 'value')).toThrow(LimitExceededError)
    expect(() => small.decode(bytes([[[[]]]]), 'value')).toThrow(DecodeError)
    expect(() => small.decode(bytes('x'.repeat(2000).split('')), 'value')).toThrow(DecodeError)
  })
})

describe('hostile bytes', () => {
  const decode = (...payload: readonly number[]): unknown => codec.decode(Uint8Array.from(payload), 'value')
  const standIn = (...list: readonly number[]): readonly number[] => [1, 0xd4, 0x43, 0, ...list]
  test.each<[string, readonly number[]]>([
    ['nothing', []],
    ['only a version', [1]],
    ['another version', [2, 0xc0]],
    ['never-used byte', [1, 0xc1]],
    ['trailing bytes', [1, 0xc0, 0xc0]],
    ['array of 4 billion', [1, 0xdd, 0xff, 0xff, 0xff, 0xff]],
    ['map of 4 billion', [1, 0xdf, 0xff, 0xff, 0xff, 0xff]],
    ['string of 4 GB', [1, 0xdb, 0xff, 0xff, 0xff, 0xff, 0x61]],
    ['bytes of 4 GB', [1, 0xc6, 0xff, 0xff, 0xff, 0xff]],
    ['extension of 4 GB', [1, 0xc9, 0xff, 0xff, 0xff, 0xff, 5]],
    ['unknown extension', [1, 0xd4, 99, 0xc0]],
    ['extension of many bytes', [1, 0xd7, 0xff, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['record extension of msgpackr', [1, 0xd4, 0x72, 0x40, 0x91, 0xa1, 0x61]],
    ['bundled strings of msgpackr', [1, 0xd6, 0x62, 0, 0, 0, 0, 0xa0, 0xa0]],
    ['pointer of msgpackr', [1, 0xd6, 0x70, 0, 0, 0, 1]],
    ['number as key', [1, 0x81, 1, 1]],
    ['text cut off', [1, 0x91, 0xa5, 0x61]],
    ['bigint without bytes', [1, 0xc7, 0, 0x42]],
    ['stand-in without list', [1, 0xd4, 0x43, 0, 0xc0]],
    ['stand-in of unknown kind', standIn(0x91, 99)],
    ['stand-in of no kind', standIn(0x90)],
    ['date of text', standIn(0x92, 2, 0xa1, 0x31)],
    ['typed array of odd length', standIn(0x93, 3, 4, 0xc4, 3, 0, 0, 0)],
    ['binary of unknown kind', standIn(0x93, 3, 99, 0xc4, 0)],
    ['binary without bytes', standIn(0x93, 3, 0, 1)],
    ['invalid expression', standIn(0x94, 6, 0xa1, 0x28, 0xa0, 0)],
    ['error without properties', standIn(0x93, 7, 0xa0, 0xa0)],
    ['invalid URL', standIn(0x92, 8, 0xa0)],
    ['sparse length out of range', standIn(0x92, 9, 0xff)],
    ['sparse index out of range', standIn(0x94, 9, 1, 5, 1)],
    ['class of no name', standIn(0x93, 10, 0xc0, 0xc0)],
    ['object with a number as key', standIn(0x93, 11, 1, 1)],
    ['__proto__ as key of a map', [1, 0x81, 0xa9, ...Buffer.from('__proto__'), 0x80]],
    ['__proto__ as key, longer written', [1, 0x81, 0xd9, 9, ...Buffer.from('__proto__'), 0x80]],
  ])('%s', (_, payload) => {
    expect(() => decode(...payload)).toThrow(DecodeError)
  })

  test('nesting far beyond the stack', () => {
    expect(() => codec.decode(new Uint8Array(1_000_000).fill(0x91).fill(1, 0, 1), 'value')).toThrow(DecodeError)
  })

  test('__proto__ as bytes', () => {
    const object = decode(...standIn(0x93, 11, 0xa9, ...Buffer.from('__proto__'), 0x80)) as object
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype)
    expect(Object.keys(object)).toEqual(['__proto__'])
  })

  test('every truncation and random damage gives a value or a DecodeError', () => {
    let refused = 0
    for (let seed = 0; seed < 300; seed++) {
      const random = new SeededRandom(seed)
      const payload: Payload = codec.encode([randomValue(random, 3)], 'value')
      if (!(payload instanceof Uint8Array)) throw new TypeError('expected bytes')
      for (let i = 0; i < 20; i++) {
        const damaged = payload.slice(0, random.chance(0.5) ? random.below(payload.length) : payload.length)
        if (damaged.length === payload.length) damaged[random.below(damaged.length)] = random.below(256)
        try {
          codec.decode(damaged, 'value')
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError)
          refused++
        }
      }
    }
    expect(refused).toBeGreaterThan(3000)
  })
})
