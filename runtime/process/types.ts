/**
 * Types of a process as its users name them.
 */

/** What an instance of a process class looks like. */
export interface ProcessLike {
  execute(...args: never[]): Promise<unknown>
}

/** A process class, whatever its constructor takes. */
export type ProcessType<P extends ProcessLike> = abstract new (...args: never[]) => P

/** What `execute` takes; `undefined` when it takes nothing. */
export type InputOf<P extends ProcessLike> = P extends { execute(...args: infer A): Promise<unknown> }
  ? A extends readonly []
    ? undefined
    : A[0]
  : never

/** What `execute` answers. */
export type ResultOf<P extends ProcessLike> = P extends { execute(...args: never[]): Promise<infer R> } ? R : never

/** The result of a `try…` method: it does not throw Catga's errors. */
export type Try<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Error }

/** How an instance is started. */
export interface StartOptions {
  /** Identifies the instance; starting the same id again returns the same instance. Default: the class's `id` option, else random. */
  readonly id?: string
  /** Stops waiting; the instance goes on. */
  readonly signal?: AbortSignal
}

/** How a signal is sent. */
export interface SendOptions {
  /** Sending the same id to an instance again changes nothing: give one to be able to repeat a call that failed. Default: random. */
  readonly messageId?: string
}

/** How the end of an instance is waited for. */
export interface WaitOptions {
  /** Stops waiting; the instance goes on. */
  readonly signal?: AbortSignal
}
