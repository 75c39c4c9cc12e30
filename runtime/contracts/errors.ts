/**
 * Every error Catga throws on purpose: a stable `code`, the thing, the value, the next action, and `cause`.
 * Texts live here and nowhere else.
 */

export interface CatgaErrorOptions {
  readonly cause?: unknown
}

/** Base of all errors Catga throws. Match on `code`, which is stable; messages are for people and may change. */
export class CatgaError extends Error {
  readonly code: string
  constructor(code: string, message: string, options?: CatgaErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}

/** The store rejected a write because another worker owns the instance now. The run is abandoned. */
export class FencedError extends CatgaError {
  constructor(subject: string, options?: CatgaErrorOptions) {
    super('fenced', `${subject} is owned by another worker now; this worker writes nothing more to it.`, options)
  }
}

/** An append that does not continue the journal where it ends: a bug in the caller, never a lost race. Nothing was written. */
export class SequenceError extends CatgaError {
  constructor(subject: string, seq: number, entries: number) {
    super('out-of-sequence', `${subject} has ${entries} entries, the append said it follows entry ${seq}. Append after the last one.`)
  }
}

/** The store could not be reached or answered no; the outcome of the operation is unknown and it may be retried. */
export class StoreUnavailableError extends CatgaError {
  constructor(store: string, operation: string, options?: CatgaErrorOptions) {
    super('store-unavailable', `${store} did not carry out "${operation}". It is retried until the worker's lease runs out.`, options)
  }
}

/** The store holds something that cannot be what Catga wrote. Nothing was changed. */
export class CorruptJournalError extends CatgaError {
  readonly place: string
  readonly what: string
  constructor(place: string, what: string, options?: CatgaErrorOptions) {
    super(
      'corrupt-journal',
      `${place}: ${what}. Nothing was changed. Restore the store from a backup, or export what is readable with "catga show".`,
      options,
    )
    this.place = place
    this.what = what
  }
}

/** The store was written by a newer Catga. Nothing was changed. */
export class NewerSchemaError extends CatgaError {
  readonly found: number
  readonly supported: number
  constructor(store: string, found: number, supported: number) {
    super('newer-schema', `${store} has schema version ${found}; this Catga reads up to ${supported}. Upgrade Catga.`)
    this.found = found
    this.supported = supported
  }
}

/** A process name or instance id that cannot be used. */
export class InvalidIdError extends CatgaError {
  constructor(what: string, value: string, rule: string) {
    super('invalid-id', `${what} ${preview(value)} ${rule}.`)
  }
}

/** An app, process or store option that cannot be used. */
export class InvalidOptionError extends CatgaError {
  constructor(option: string, value: unknown, rule: string) {
    super('invalid-option', `Option "${option}" is ${preview(value)}: ${rule}.`)
  }
}

/** A value that would not come back from the journal as it went in. `path` says where in the value. */
export class NotSerializableError extends CatgaError {
  readonly path: string
  constructor(path: string, found: string, advice: string) {
    super('not-serializable', `${path} is ${found}, which does not survive the journal. ${advice}`)
    this.path = path
  }
}

/** A value or journal over one of the configured limits. */
export class LimitExceededError extends CatgaError {
  readonly limit: string
  constructor(limit: string, subject: string, found: number, allowed: number, advice: string) {
    super('limit-exceeded', `${subject} is over the limit "${limit}": ${found}, allowed ${allowed}. ${advice}`)
    this.limit = limit
  }
}

/** Bytes that the codec did not write. */
export class DecodeError extends CatgaError {
  constructor(subject: string, what: string, options?: CatgaErrorOptions) {
    super('decode', `${subject} could not be decoded: ${what}.`, options)
  }
}

/** A class that the compiler plugin has not seen, or has seen with other settings or another version. */
export class NotCompiledError extends CatgaError {
  constructor(className: string, reason: string) {
    super(
      'not-compiled',
      `Class ${className} cannot run durably: ${reason}. Add { "transform": "catga/transformer" } to compilerOptions.plugins in tsconfig.json and build with "tspc" (a stale incremental build: "tspc -b --force").`,
    )
  }
}

/** A compiled step or helper of a live instance was called other than as `this.method(…)` in process code. */
export class LostCallError extends CatgaError {
  constructor(className: string, method: string) {
    super(
      'lost-call',
      `${className}.${method} was called on a running process by other code than a compiled "this.${method}(…)" in its process code (a detached reference, another variable for "this", a computed name, or a subclass in another file). Write "this.${method}(…)" where the call is made.`,
    )
  }
}

/** Process code did something else than its journal says. Nothing was written; the instance is stuck. */
export class NonDeterminismError extends CatgaError {
  readonly callSite: string
  constructor(callSite: string, recorded: string, found: string) {
    super(
      'non-determinism',
      `At ${callSite} the journal has ${recorded}, the code now has ${found}. Run the code that wrote the journal, or make process code depend only on its input and on results of steps, then resume the instance.`,
    )
    this.callSite = callSite
  }
}

/** The code no longer has the call sites that the journal refers to. `diff` lists them. */
export class ShapeMismatchError extends CatgaError {
  readonly diff: readonly string[]
  constructor(process: string, diff: readonly string[]) {
    super(
      'shape-mismatch',
      `The code of process "${process}" changed in a way its journal does not fit:\n${diff.map((line) => `  ${line}`).join('\n')}\nDeploy the old code to finish the instance, then resume it.`,
    )
    this.diff = diff
  }
}

/** Two calls of `keyed` with the same key in one activation of a function. */
export class DuplicateKeyError extends CatgaError {
  constructor(key: string, scope: string) {
    super(
      'duplicate-key',
      `keyed(${preview(key)}) is used twice in one call of ${scope}. Keys are unique there; add what tells the two apart.`,
    )
  }
}

/** Thrown by a step body to fail the step at once, whatever its retry policy says. Subclass it freely. */
export class NonRetryableError extends CatgaError {
  constructor(message: string, options?: CatgaErrorOptions) {
    super('non-retryable', message, options)
  }
}

/** An attempt of a step took longer than its `timeoutMs`. */
export class StepTimeoutError extends CatgaError {
  constructor(step: string, timeoutMs: number) {
    super('step-timeout', `Step "${step}" took longer than ${timeoutMs} ms.`)
  }
}

/** No signal came within the `timeoutMs` of a `waitFor`. */
export class WaitTimeoutError extends CatgaError {
  readonly signal: string
  readonly timeoutMs: number
  constructor(signal: string, timeoutMs: number) {
    super('wait-timeout', `No signal "${signal}" came within ${timeoutMs} ms.`)
    this.signal = signal
    this.timeoutMs = timeoutMs
  }
}

/** The payload of a signal that its schema refuses. Nothing was sent. */
export class InvalidPayloadError extends CatgaError {
  /** What the schema found, as it said it. */
  readonly issues: readonly PayloadIssue[]
  constructor(signal: string, issues: readonly PayloadIssue[]) {
    const found = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    super('invalid-payload', `The payload of signal "${signal}" is refused by its schema: ${found.join('; ')}. Nothing was sent.`)
    this.issues = issues
  }
}

/** One thing a schema found wrong, and where: `items.0.sku`; the empty path is the payload itself. */
export interface PayloadIssue {
  readonly path: string
  readonly message: string
}

/** A message to an instance that has ended. */
export class ProcessFinishedError extends CatgaError {
  constructor(process: string, id: string, message: string) {
    super('process-finished', `Process "${process}" ${preview(id)} has ended and takes no more messages: ${message} was not delivered.`)
  }
}

/** A function that means something only in compiled process code was called elsewhere. */
export class OutsideProcessError extends CatgaError {
  constructor(name: string) {
    super(
      'outside-process',
      `${name}() was called by code that the compiler has not made part of a process: a step, another module, or a class that was not compiled. Call it in "execute" or in a method of the process that "execute" calls, and compile the file with Catga's plugin.`,
    )
  }
}

/** What process code sees, once, when its instance was cancelled; and what `result()` rejects with then. */
export class CancelledError extends CatgaError {
  readonly reason: string
  constructor(process: string, id: string, reason: string, options?: CatgaErrorOptions) {
    super('cancelled', `Process "${process}" ${preview(id)} was cancelled: ${reason}`, options)
    this.reason = reason
  }
}

/** The process failed and its completed steps have been undone. `cause` is the error `execute` threw. */
export class ProcessFailedError extends CatgaError {
  constructor(process: string, id: string, cause: unknown) {
    super('process-failed', `Process "${process}" ${preview(id)} failed: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
}

/** The instance waits for an operator or for other code; see `catga show`, then `catga resume` or `catga cancel`. */
export class ProcessStuckError extends CatgaError {
  constructor(process: string, id: string, cause: unknown) {
    super(
      'process-stuck',
      `Process "${process}" ${preview(id)} is stuck: ${cause instanceof Error ? cause.message : String(cause)}. Mend the cause, then resume or cancel it.`,
      { cause },
    )
  }
}

/** No such instance in the store. */
export class ProcessNotFoundError extends CatgaError {
  constructor(process: string, id: string) {
    super('process-not-found', `There is no process "${process}" ${preview(id)} in this store.`)
  }
}

/** The id is taken by an instance that was started with another input. */
export class InputConflictError extends CatgaError {
  constructor(process: string, id: string) {
    super(
      'input-conflict',
      `Process "${process}" ${preview(id)} was started with another input. Use another id, or get the running one with handle().`,
    )
  }
}

/** A process class or name that this app has not registered, or has registered twice. */
export class RegistrationError extends CatgaError {
  constructor(message: string) {
    super('registration', message)
  }
}

/** The app is draining or closed. */
export class AppClosedError extends CatgaError {
  constructor(operation: string) {
    super('app-closed', `The app is closed or closing and does not accept "${operation}".`)
  }
}

/** A short, printable form of any value for messages: quoted, escaped, at most 80 characters. */
export function preview(value: unknown): string {
  let text: string
  try {
    text =
      typeof value === 'bigint'
        ? `${value}n`
        : typeof value === 'function'
          ? `function ${value.name}`
          : (JSON.stringify(value) ?? String(value))
  } catch {
    text = Object.prototype.toString.call(value)
  }
  return text.length <= 80 ? text : `${text.slice(0, 76)}… (${text.length} characters)`
}
