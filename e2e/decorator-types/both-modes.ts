/**
 * Right and wrong uses of the decorators, for the type checker alone. Compiled by `decorator-types.test.ts` under three
 * versions of TypeScript, with and without `experimentalDecorators`; each `@ts-expect-error` must be an error in all.
 */
import { CatgaProcess, keyed, ProcessStep, stepContext } from '../../runtime/process/decorators.ts'
import type { StepContext } from '../../runtime/process/step-context.ts'

interface Order {
  readonly id: string
}

@CatgaProcess({ name: 'order', id: (order: Order) => order.id, retry: { attempts: 3 }, onBug: 'compensate' })
export class OrderProcess {
  readonly #stock: number
  constructor(stock: number) {
    this.#stock = stock
  }
  async execute(order: Order): Promise<number> {
    const id: string = await this.reserve(order.id)
    const count: number = await keyed(id, () => this.count())
    return (await this.same(count, 1)) + this.#stock
  }
  @ProcessStep({ name: 'reserve', retry: 2, timeoutMs: 5, compensate: 'release', compensateWhen: 'attempted' })
  async reserve(id: string): Promise<string> {
    const context: StepContext = stepContext()
    return `${id} ${context.idempotencyKey} ${context.attempt} ${context.signal.aborted}`
  }
  async release(reservation: string | undefined, id: string): Promise<void> {
    void [reservation, id]
  }
  @ProcessStep()
  protected async count(): Promise<number> {
    return 1
  }
  @ProcessStep({ retry: { attempts: 3, backoffMs: 1, factor: 2, maxBackoffMs: 10, jitter: 0 } })
  async same<T>(value: T, ...more: T[]): Promise<T> {
    return more[0] ?? value
  }
  async overloaded(value: string): Promise<string>
  async overloaded(value: number): Promise<string>
  @ProcessStep()
  async overloaded(value: unknown): Promise<string> {
    return String(value)
  }
}

@CatgaProcess()
export class NoInput {
  async execute(): Promise<void> {}
}

@CatgaProcess({ name: 'abstract' })
export abstract class AbstractProcess {
  async execute(count: number): Promise<number> {
    return count
  }
}

// @ts-expect-error no execute
@CatgaProcess()
export class WithoutExecute {
  readonly name = 'nothing to run'
}

// @ts-expect-error two parameters
@CatgaProcess()
export class TwoParameters {
  async execute(a: number, b: number): Promise<number> {
    return a + b
  }
}

// @ts-expect-error not async
@CatgaProcess()
export class NotAsync {
  execute(a: number): number {
    return a
  }
}

// @ts-expect-error the id function takes another input
@CatgaProcess({ id: (count: number) => String(count) })
export class OtherInput {
  async execute(order: Order): Promise<Order> {
    return order
  }
}

// @ts-expect-error nobody could call it
@CatgaProcess()
export class ProtectedExecute {
  protected async execute(a: number): Promise<number> {
    return a
  }
}

// @ts-expect-error unknown option
@CatgaProcess({ version: 2 })
export class UnknownOption {
  async execute(): Promise<void> {}
}

export class WrongSteps {
  // @ts-expect-error not async
  @ProcessStep()
  sync(): number {
    return 1
  }
  // @ts-expect-error static
  @ProcessStep()
  static async make(): Promise<void> {}
  // @ts-expect-error a getter
  @ProcessStep()
  get total(): Promise<number> {
    return Promise.resolve(1)
  }
  // @ts-expect-error a setter
  @ProcessStep()
  set limit(value: number) {
    void value
  }
  // @ts-expect-error a field
  @ProcessStep()
  arrow = async (): Promise<number> => 1
  // @ts-expect-error a generator
  @ProcessStep()
  async *pages(): AsyncGenerator<number> {
    yield 1
  }
  // @ts-expect-error not called
  @ProcessStep
  async notCalled(): Promise<void> {}
  // @ts-expect-error unknown option
  @ProcessStep({ retries: 3 })
  async unknownOption(): Promise<void> {}
  // @ts-expect-error a value that means nothing
  @ProcessStep({ compensateWhen: 'always' })
  async wrongValue(): Promise<void> {}
}

// @ts-expect-error a class is no step
@ProcessStep()
export class DecoratedAsStep {
  async execute(): Promise<void> {}
}

// @ts-expect-error keyed answers what its function answers
export const wrong: string = keyed('a', () => 1)
