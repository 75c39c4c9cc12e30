/**
 * Signals: what the outside tells a running process, by name.
 */
import { InvalidIdError, InvalidPayloadError, type PayloadIssue } from '../contracts/errors.ts'
import { MAX_ID_LENGTH } from '../contracts/journal-store.ts'

/**
 * A validator by the Standard Schema convention (version 1): zod, valibot, arktype and others make them.
 * https://standardschema.dev
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

/** What a schema says of a value. */
export type SchemaResult<Output> = { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly SchemaIssue[] }

/** One thing a schema found wrong. */
export interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** A kind of message to a process: `Payload` is what process code gets, `Sent` what is sent, where a schema makes one of the other. */
export interface Signal<Payload, Sent = Payload> {
  readonly name: string
  readonly schema: StandardSchema<Sent, Payload> | undefined
}

/** Options of `defineSignal`. */
export interface SignalOptions<Payload, Sent> {
  /** Checks and transforms what is sent, when it is sent. */
  readonly schema?: StandardSchema<Sent, Payload>
}

/**
 * Names a signal and types its payload. Process code waits for it with `waitFor`, others send it with `app.signal`.
 *
 * ```ts
 * const approved = defineSignal<{ by: string }>('approved')
 * ```
 * @throws InvalidIdError the name is empty or too long
 */
export function defineSignal<Payload = undefined, Sent = Payload>(
  name: string,
  options: SignalOptions<Payload, Sent> = {},
): Signal<Payload, Sent> {
  checkSignalName(name)
  return Object.freeze({ name, schema: options.schema })
}

/** @throws InvalidIdError */
export function checkSignalName(name: string): void {
  if (typeof name !== 'string' || name === '') throw new InvalidIdError('Signal name', String(name), 'is empty or no string')
  if (name.length > MAX_ID_LENGTH) throw new InvalidIdError('Signal name', name, `is longer than ${MAX_ID_LENGTH} characters`)
}

/**
 * The payload that is sent: what the schema makes of it.
 * @throws InvalidPayloadError the schema refuses it
 */
export async function checkedPayload(signal: Signal<unknown, unknown>, payload: unknown): Promise<unknown> {
  if (signal.schema === undefined) return payload
  const result = await signal.schema['~standard'].validate(payload)
  if (result.issues !== undefined) throw new InvalidPayloadError(signal.name, result.issues.map(issueOf))
  return result.value
}

function issueOf({ message, path = [] }: SchemaIssue): PayloadIssue {
  const keys = path.map((segment) => String(typeof segment === 'object' ? segment.key : segment))
  return { path: keys.join('.'), message }
}
