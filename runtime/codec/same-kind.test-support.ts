/** Compares two values down to their kinds; answers where they first differ. Independent of the codec on purpose. */
export function sameKind(a: unknown, b: unknown, path: string): string | undefined {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) {
    return Object.is(a, b) ? undefined : `${path}: ${String(a)} became ${String(b)}`
  }
  const [kindA, kindB] = [Object.getPrototypeOf(a) as object | null, Object.getPrototypeOf(b) as object | null]
  if (kindA !== kindB) return `${path}: another prototype`
  if (a instanceof Date) return Object.is(a.getTime(), (b as Date).getTime()) ? undefined : `${path}: another time`
  if (a instanceof URL || a instanceof RegExp) return String(a) === String(b) ? undefined : `${path}: another text`
  if (a instanceof ArrayBuffer || ArrayBuffer.isView(a))
    return sameBytes(a) === sameBytes(b as ArrayBuffer) ? undefined : `${path}: other bytes`
  if (a instanceof Map) return sameLists([...a].flat(), [...(b as Map<unknown, unknown>)].flat(), `${path}(map)`)
  if (a instanceof Set) return sameLists([...a], [...(b as Set<unknown>)], `${path}(set)`)
  if (Array.isArray(a) && a.length !== (b as unknown[]).length) return `${path}: length ${a.length} became ${(b as unknown[]).length}`
  const error =
    a instanceof Error
      ? sameKind(
          [a.name, a.message, a.cause, Object.hasOwn(a, 'cause')],
          [(b as Error).name, (b as Error).message, (b as Error).cause, Object.hasOwn(b, 'cause')],
          `${path}(error)`,
        )
      : undefined
  if (error !== undefined) return error
  const keys = Object.keys(a)
  const difference = sameLists(keys, Object.keys(b), `${path}(keys)`)
  if (difference !== undefined) return difference
  return sameLists(
    keys.map((key) => (a as Record<string, unknown>)[key]),
    keys.map((key) => (b as Record<string, unknown>)[key]),
    path,
  )
}

function sameLists(a: readonly unknown[], b: readonly unknown[], path: string): string | undefined {
  if (a.length !== b.length) return `${path}: ${a.length} items became ${b.length}`
  for (let i = 0; i < a.length; i++) {
    const difference = sameKind(a[i], b[i], `${path}[${i}]`)
    if (difference !== undefined) return difference
  }
  return undefined
}

function sameBytes(value: ArrayBuffer | ArrayBufferView): string {
  return Buffer.from(value instanceof ArrayBuffer ? value : value.buffer).toString('hex')
}
