import type { Span } from '../model/file-model.ts'
import type { Operation, OperationKind, ReplaceCallee } from './operation.ts'

type Of<K extends OperationKind> = Extract<Operation, { readonly kind: K }>

/** Finds the operations of a plan by their span, and knows which are still to be carried out. */
export class OperationIndex {
  readonly #bySpan = new Map<string, Operation>()
  readonly #pending: Set<Operation>
  /** Sorted, so that a back end can pass over what no operation touches. */
  readonly #starts: readonly number[]

  constructor(operations: readonly Operation[]) {
    this.#pending = new Set(operations)
    this.#starts = operations.map(({ span }) => span.start).sort((a, b) => a - b)
    for (const operation of operations) this.#bySpan.set(keyOf(operation), operation)
  }

  /** Whether an operation starts in the range. */
  touches(start: number, end: number): boolean {
    let low = 0
    let high = this.#starts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#starts[middle] ?? 0) < start) low = middle + 1
      else high = middle
    }
    const next = this.#starts[low]
    return next !== undefined && next < end
  }

  has(kind: OperationKind, span: Span): boolean {
    return this.#bySpan.has(key(kind, span))
  }

  /** The operation of this kind on this span, which is thereby carried out. */
  take<K extends OperationKind>(kind: K, span: Span): Of<K> | undefined {
    return this.#take(key(kind, span)) as Of<K> | undefined
  }

  takeCallee(at: ReplaceCallee['at'], span: Span): ReplaceCallee | undefined {
    return this.#take(key(`replace ${at}`, span)) as ReplaceCallee | undefined
  }

  /** @throws Error when an operation found no node: the model and the syntax tree disagree */
  assertDone(fileName: string): void {
    const [first] = this.#pending
    if (first === undefined) return
    const { start, end } = first.span
    throw new Error(
      `catga: "${first.kind}" found nothing at ${start}–${end} of ${fileName}. The plugin has to see the code as it was written: list it first in "plugins", without "after". If it is, this is a defect of catga; please report it.`,
    )
  }

  #take(at: string): Operation | undefined {
    const operation = this.#bySpan.get(at)
    if (operation === undefined || !this.#pending.delete(operation)) return undefined
    return operation
  }
}

function keyOf(operation: Operation): string {
  return operation.kind === 'replace callee' ? key(`replace ${operation.at}`, operation.span) : key(operation.kind, operation.span)
}

function key(kind: string, { start, end }: Span): string {
  return `${kind} ${start}:${end}`
}
