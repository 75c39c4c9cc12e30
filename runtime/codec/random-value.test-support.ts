import { BINARY_CLASSES } from './payload-format.ts'
import type { SeededRandom } from '../testing/seeded-random.ts'

const STRINGS = [
  '',
  'a',
  'order-1',
  'ünïcode',
  '日本語',
  '😀',
  '\ud800',
  'a\udfffb',
  '\0',
  '__proto__',
  'constructor',
  '\ufeffmark',
  `\ufeff${'x'.repeat(90)}`,
  'x'.repeat(47),
  'y'.repeat(48),
  'é'.repeat(100),
  'z'.repeat(300),
  '語'.repeat(30_000),
]
const NUMBERS = [
  0,
  -0,
  1,
  -1,
  31,
  -32,
  -33,
  127,
  128,
  255,
  256,
  65_535,
  65_536,
  2 ** 31,
  -(2 ** 31),
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53,
  -(2 ** 53),
  0.1,
  -1.5,
  5e-324,
  Number.MAX_VALUE,
  NaN,
  Infinity,
  -Infinity,
]
const BIGINTS = [0n, -1n, 1n << 63n, (1n << 63n) - 1n, -(1n << 63n), -(1n << 63n) - 1n, 1n << 64n, -(3n ** 500n)]
const DATES = [0, -1, 1, 1_700_000_000_123, 8.64e15, -8.64e15, NaN]

/** Any value the codec keeps, nested up to `depth`. */
export function randomValue(random: SeededRandom, depth: number): unknown {
  return depth > 0 && random.chance(0.55) ? randomContainer(random, depth - 1) : randomLeaf(random)
}

function randomLeaf(random: SeededRandom): unknown {
  switch (random.below(10)) {
    case 0:
    case 1:
      return random.pick(STRINGS)
    case 2:
    case 3:
      return random.chance(0.5) ? random.pick(NUMBERS) : (random.uint32() - 2 ** 31) * random.pick([1, 0.5, 2 ** 20])
    case 4:
      return random.pick([true, false, null, undefined])
    case 5:
      return random.chance(0.5) ? random.pick(BIGINTS) : BigInt(random.uint32()) ** BigInt(random.below(12))
    case 6:
      return new Date(random.pick(DATES))
    case 7:
      return randomBytes(random, random.below(40))
    case 8:
      return randomBinary(random)
    default:
      return random.pick<() => unknown>([() => /a+\/b/giu, () => new RegExp(''), () => new URL('https://example.com/a?b=c#d')])()
  }
}

function randomContainer(random: SeededRandom, depth: number): unknown {
  const size = random.chance(0.05) ? 20 + random.below(300) : random.below(6)
  const items = Array.from({ length: size }, () => randomValue(random, size > 20 ? 0 : depth))
  switch (random.below(7)) {
    case 0:
    case 1:
      return items
    case 2:
      return new Map(items.map((item) => [randomValue(random, 0), item]))
    case 3:
      return new Set(items)
    case 4:
      return randomSparse(random, items)
    case 5:
      return randomError(random, items)
    default:
      return randomObject(random, items)
  }
}

function randomObject(random: SeededRandom, items: readonly unknown[]): object {
  const object: Record<string, unknown> = {}
  items.forEach((item, i) => {
    const key = random.chance(0.2) ? random.pick(STRINGS) : random.chance(0.1) ? String(random.below(9)) : `key${i}`
    Object.defineProperty(object, key, { value: item, writable: true, enumerable: true, configurable: true })
  })
  return object
}

function randomSparse(random: SeededRandom, items: readonly unknown[]): unknown[] {
  const sparse: unknown[] = []
  for (const item of items) sparse[sparse.length + random.below(3)] = item
  sparse.length += random.below(2)
  return sparse
}

function randomError(random: SeededRandom, items: readonly unknown[]): Error {
  const error = new (random.pick([Error, TypeError, RangeError]))(
    random.pick(STRINGS),
    random.chance(0.5) ? { cause: items[0] } : undefined,
  )
  return random.chance(0.5) ? Object.assign(error, { code: random.pick(STRINGS), data: items }) : error
}

function randomBinary(random: SeededRandom): unknown {
  const bytes = randomBytes(random, 8 * random.below(4))
  const kind = random.pick(BINARY_CLASSES)
  return kind === ArrayBuffer ? bytes.buffer : new (kind as typeof DataView)(bytes.buffer as ArrayBuffer)
}

function randomBytes(random: SeededRandom, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256))
}
