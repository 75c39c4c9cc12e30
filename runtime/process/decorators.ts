/**
 * What process classes are written with. The compiler replaces all of it; run uncompiled, or with no engine, the
 * decorators do nothing and a process is the plain class it looks like. Both decorator modes of TypeScript are typed, so
 * that wrong use is an error in the editor already.
 */
import type { RetryOptions } from './manifest.ts'
import { plainContext, type StepContext } from './step-context.ts'

/** Options of `@ProcessStep`. They are read at build time: literals, constants of the same file, templates and arithmetic of those. */
export interface StepOptions {
  /** Name in journal and messages; default: the method's. Changing it is a breaking change for running instances. */
  readonly name?: string
  /** Attempts in all, or the whole policy; default 3 attempts, exponential with jitter. */
  readonly retry?: number | RetryOptions
  /** Longest time one attempt may take, in milliseconds; its signal is aborted then. Default: no limit. */
  readonly timeoutMs?: number
  /**
   * Method that undoes the step: gets the step's result, then the step's arguments. It may be private, so it is no
   * `keyof`; the compiler checks it. With `noUnusedLocals`, make it `protected`, because only its name is used.
   */
  readonly compensate?: string
  /** `attempted`: undo also when it is not known whether the step took place; the undo gets `undefined` then. Default `completed`. */
  readonly compensateWhen?: 'completed' | 'attempted'
}

/** Options of `@CatgaProcess`. They are read at build time, except for `id`, which is kept as the function it is. */
export interface ProcessOptions<Input = unknown> {
  /** Name in journal and messages; default: the class's. Changing it is a breaking change for running instances. */
  readonly name?: string
  /** Id of the instance that an input starts; default: given at the start, or random. */
  readonly id?: (input: Input) => string
  /** Retry policy of steps that have none. */
  readonly retry?: number | RetryOptions
  /** What a `TypeError`, `ReferenceError` or `RangeError` of process code does: leave the instance stuck until fixed (default), or undo and fail. */
  readonly onBug?: 'stuck' | 'compensate'
}

/** An async method, whatever it takes. */
type AsyncMethod = (...args: never[]) => Promise<unknown>

/** Decorates async instance methods with a body, in both decorator modes. */
export interface StepDecorator {
  <Method extends AsyncMethod>(method: Method, context: { readonly kind: 'method'; readonly static: false }): void
  <Method extends AsyncMethod>(
    prototype: object & { readonly prototype?: never },
    name: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void
}

/** Decorates classes with `async execute(input)`, in both decorator modes. */
export type ProcessDecorator<Input> = <Class extends abstract new (...args: never[]) => { execute(input: Input): Promise<unknown> }>(
  processClass: Class,
  context?: ClassDecoratorContext<Class>,
) => void

/**
 * Makes a class a durable process: its `execute` is journaled and survives crashes.
 *
 * ```ts
 * @CatgaProcess({ id: (order: Order) => order.id })
 * class OrderProcess {
 *   async execute(order: Order): Promise<void> {
 *     await this.reserve(order.id)
 *   }
 *   @ProcessStep({ compensate: 'release' })
 *   private async reserve(id: string): Promise<string> { … }
 *   protected async release(reservation: string): Promise<void> { … }
 * }
 * ```
 */
export function CatgaProcess<Input = unknown>(_options?: ProcessOptions<Input>): ProcessDecorator<Input> {
  return () => undefined
}

/**
 * Makes an async method a step: its result is journaled before process code sees it, and it is retried and undone as told.
 *
 * ```ts
 * @ProcessStep({ name: 'charge card', retry: 5, timeoutMs: 10_000, compensate: 'refund' })
 * private async charge(order: Order): Promise<Payment> { … }
 * ```
 */
export function ProcessStep(_options?: StepOptions): StepDecorator {
  return () => undefined
}

/**
 * Gives the durable calls of `run` a place in the journal that depends on a business key and not on order. Keys are
 * unique in one call of the function or closure around it.
 *
 * ```ts
 * const shipments = []
 * for (const item of order.items) shipments.push(keyed(item.sku, () => this.ship(item)))
 * await Promise.all(shipments)
 * ```
 */
export function keyed<T>(_key: string | number | bigint, run: () => T): T {
  return run()
}

/**
 * What a step's body or an undo method may know of its attempt: a stable idempotency key, the attempt's number, an abort signal.
 *
 * ```ts
 * @ProcessStep()
 * private async charge(order: Order): Promise<Payment> {
 *   const { idempotencyKey, signal } = stepContext()
 *   return this.payments.charge(order.amount, { idempotencyKey, signal })
 * }
 * ```
 */
export function stepContext(): StepContext {
  return plainContext()
}
