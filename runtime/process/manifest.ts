/**
 * What the compiler tells the engine about a class: the data half of the ABI between emitted code and runtime.
 * The compiler has its own declaration of the same shape (`transformer/model/manifest.ts`); a type test holds them equal.
 */

/** Raised whenever emitted code and runtime of different versions could misunderstand each other. */
export const ABI = 1

/** How often a step is tried, and how long it waits between attempts. What is left out has the default. */
export interface RetryOptions {
  /** Attempts in all, the first included; default 3. */
  readonly attempts?: number
  /** Wait before the second attempt, in milliseconds; default 100. */
  readonly backoffMs?: number
  /** What the wait is multiplied by each time; default 2. */
  readonly factor?: number
  /** Longest wait, in milliseconds; default 30 000. */
  readonly maxBackoffMs?: number
  /** Share of the wait that is random, 0 to 1; default 0.5. */
  readonly jitter?: number
}

export interface StepManifest {
  /** Method that holds the body; `#private` methods keep their `#`. */
  readonly method: string
  /** Name in journal and messages: the `name` option, else the method. */
  readonly name: string
  readonly retry?: RetryOptions
  readonly timeoutMs?: number
  /** Method that undoes the step. */
  readonly compensate?: string
  readonly compensateWhen?: 'completed' | 'attempted'
}

/** One place in a durable function where a step or a durable helper is called, or something is waited for. */
export interface SiteManifest {
  /** `wait` for a signal, with or without a timeout. */
  readonly kind: 'step' | 'helper' | 'sleep' | 'wait'
  /** Method called, or function: `sleep`, `waitFor`, `tryWaitFor`. */
  readonly method: string
  /** Journal site: the step's name, or the method's or function's, and, from the second call on, `#ordinal`. */
  readonly site: string
  /** `awaited`: the call is the operand of an `await`, so the caller does nothing else meanwhile. */
  readonly mode: 'awaited' | 'detached'
  /** Hash of what tells this call site from others of the same step: control flow around it and its arguments. */
  readonly fingerprint: string
  /** 1-based source line, for messages. */
  readonly line: number
}

/** `execute`, a durable helper method, or a closure that makes durable calls. */
export interface FunctionManifest {
  readonly name: string
  readonly sites: readonly SiteManifest[]
  /** Closures of this function that make durable calls, in source order. */
  readonly branches: readonly FunctionManifest[]
}

export interface ProcessManifest {
  readonly abi: number
  /** Version of the compiler and hash of its options: `0.1.0+<hash>`. */
  readonly compiler: string
  readonly process: string
  readonly className: string
  /** File name without folders, for messages. */
  readonly file: string
  readonly steps: readonly StepManifest[]
  /** `execute` first, then durable helpers, in source order. */
  readonly functions: readonly FunctionManifest[]
  readonly retry?: RetryOptions
  /** `compensate`: bugs in process code fail the process instead of leaving it `stuck`. */
  readonly onBug?: 'stuck' | 'compensate'
  /**
   * `concurrent`: process code has promise chains the engine cannot see (async closures without durable calls, `.then`),
   * so every delivery drains the microtask queue first.
   */
  readonly interleaving: 'sequential' | 'concurrent'
  /** Hash over process name and call sites of all functions; see `runtime/process/shape.ts`. */
  readonly shape: string
}

/** What only code can give, beside the manifest: calls of `#private` methods and the `id` function. */
export interface ProcessAccess {
  readonly id?: (input: never) => string
  /** For each `#private` step or undo method: calls it. */
  readonly privates?: Readonly<Record<string, (self: never, args: never) => unknown>>
}
