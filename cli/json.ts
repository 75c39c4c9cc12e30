/**
 * Values as JSON, for `--json`. JSON has fewer kinds than a journal; these are written as:
 * bigint → decimal string; Date → ISO string; bytes → `{ "base64": … }`; Map → array of pairs; Set → array;
 * undefined, and what JSON has no word for (`NaN`, `Infinity`) → a string of that name.
 */
export function toJson(value: unknown): unknown {
  switch (typeof value) {
    case 'bigint':
      return value.toString()
    case 'undefined':
      return 'undefined'
    case 'number':
      return Number.isFinite(value) ? value : String(value)
    case 'object':
      return value === null ? null : objectToJson(value)
    default:
      return value
  }
}

function objectToJson(value: object): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  if (value instanceof Map) return [...value].map(([key, item]) => [toJson(key), toJson(item)])
  if (value instanceof Set) return [...value].map((item) => toJson(item))
  if (value instanceof RegExp) return String(value)
  if (ArrayBuffer.isView(value)) return { base64: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') }
  if (value instanceof ArrayBuffer) return { base64: Buffer.from(value).toString('base64') }
  if (Array.isArray(value)) return value.map((item) => toJson(item))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]))
}
