/**
 * Errors as values: what the journal keeps of an error, and the error rebuilt from it.
 *
 * Invariants
 * 1. Process code sees a rebuilt error on first run and on replay alike, never the thrown object itself.
 * 2. `instanceof` works for JavaScript's and Catga's own error classes and for those registered with the app.
 * 3. Whatever was thrown, a record comes out: parts that do not survive the codec are left out.
 */
import type { Codec } from '../contracts/codec.ts'
import {
  CancelledError,
  CatgaError,
  NonRetryableError,
  NotSerializableError,
  StepTimeoutError,
  WaitTimeoutError,
} from '../contracts/errors.ts'
import type { ErrorRecord, Payload } from '../contracts/journal-entry.ts'

/** A class whose errors keep their prototype across the journal. */
export type ErrorClass = abstract new (...args: never[]) => Error

const MAX_CAUSES = 8
/** Errors of an `AggregateError` that are kept. */
const MAX_ERRORS = 32
const MAX_TEXT = 16_384
/** Marks a record of something thrown that was no error; rebuilt as the value itself. */
const NON_ERROR = 'NonError'
const KEPT_APART = new Set(['name', 'message', 'stack', 'cause', 'code'])

const BUILT_IN: readonly ErrorClass[] = [
  Error,
  TypeError,
  RangeError,
  ReferenceError,
  SyntaxError,
  EvalError,
  URIError,
  AggregateError,
  CatgaError,
  NonRetryableError,
  StepTimeoutError,
  WaitTimeoutError,
  NotSerializableError,
  CancelledError,
]

export class ErrorRecorder {
  readonly #codec: Codec
  readonly #prototypes = new Map<string, object>()
  readonly #rebuilt = new WeakSet<object>()

  constructor(codec: Codec, classes: readonly ErrorClass[]) {
    this.#codec = codec
    for (const errorClass of [...BUILT_IN, ...classes]) this.#prototypes.set(errorClass.name, errorClass.prototype as object)
  }

  /** True for errors this recorder rebuilt: they came from a step, not from process code itself. */
  isRebuilt(error: unknown): boolean {
    return typeof error === 'object' && error !== null && this.#rebuilt.has(error)
  }

  record(thrown: unknown, depth = 0): ErrorRecord {
    if (!(thrown instanceof Error)) return this.#recordValue(thrown)
    const code = read(thrown, 'code')
    const data = this.#ownData(thrown, depth)
    const stack = read(thrown, 'stack')
    const thrownCause = read(thrown, 'cause')
    const cause = thrownCause !== undefined && depth < MAX_CAUSES ? this.record(thrownCause, depth + 1) : undefined
    return {
      name: clip(describe(read(thrown, 'name'))),
      message: clip(describe(read(thrown, 'message'))),
      ...((typeof code === 'string' || typeof code === 'number') && { code }),
      ...(data !== undefined && { data }),
      ...(typeof stack === 'string' && { stack: clip(stack) }),
      ...(cause !== undefined && { cause }),
    }
  }

  #recordValue(thrown: unknown): ErrorRecord {
    const data = this.#encode(thrown)
    const isKept = data !== undefined || thrown === undefined
    return { name: isKept ? NON_ERROR : 'Error', message: clip(describe(thrown)), ...(data !== undefined && { data }) }
  }

  rebuild(record: ErrorRecord): unknown {
    const data = record.data === undefined ? undefined : this.#codec.decode(record.data, `data of error ${record.name}`)
    if (record.name === NON_ERROR && record.stack === undefined) {
      if (typeof data === 'object' && data !== null) this.#rebuilt.add(data)
      return data
    }
    const prototype = this.#prototypes.get(record.name) ?? Error.prototype
    // `new Error` first: only a real error object has the internal slot that consoles and `isNativeError` look for.
    const error = Object.setPrototypeOf(new Error(record.message), prototype) as Error & { code?: unknown }
    if (typeof data === 'object' && data !== null) this.#restoreData(error, data)
    if (error.name !== record.name) define(error, 'name', record.name)
    define(error, 'stack', record.stack ?? `${record.name}: ${record.message}`)
    if (record.code !== undefined) error.code = record.code
    if (record.cause !== undefined) define(error, 'cause', this.rebuild(record.cause))
    this.#rebuilt.add(error)
    return error
  }

  /** What the error has beside its standard parts; the errors of an `AggregateError` as records. */
  #ownData(error: Error, depth: number): Payload {
    const own = Object.keys(error).flatMap((key) => (KEPT_APART.has(key) ? [] : [[key, read(error, key)] as const]))
    if (error instanceof AggregateError && depth < MAX_CAUSES) {
      const errors = read(error, 'errors')
      if (Array.isArray(errors)) own.push(['errors', errors.slice(0, MAX_ERRORS).map((each) => this.record(each, depth + 1))])
    }
    const given = own.filter(([, value]) => value !== undefined)
    if (given.length === 0) return undefined
    const whole = this.#encode(Object.fromEntries(given))
    if (whole !== undefined) return whole
    return this.#encode(Object.fromEntries(given.filter(([, value]) => this.#encode(value) !== undefined)))
  }

  #restoreData(error: Error, data: object): void {
    const { errors, ...rest } = data as { errors?: unknown }
    if (error instanceof AggregateError && Array.isArray(errors)) {
      define(
        error,
        'errors',
        errors.map((each) => this.rebuild(each as ErrorRecord)),
      )
      Object.assign(error, rest)
    } else Object.assign(error, data)
  }

  #encode(value: unknown): Payload {
    try {
      return this.#codec.encode(value, 'data of an error')
    } catch {
      return undefined
    }
  }
}

function define(error: Error, property: string, value: unknown): void {
  Object.defineProperty(error, property, { value, writable: true, configurable: true, enumerable: false })
}

/** A part of an error, which may be an accessor that throws. */
function read(error: Error, part: string): unknown {
  try {
    return (error as unknown as Record<string, unknown>)[part]
  } catch {
    return undefined
  }
}

function describe(value: unknown): string {
  try {
    return String(value)
  } catch {
    return Object.prototype.toString.call(value)
  }
}

function clip(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`
}
