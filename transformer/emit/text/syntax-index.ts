import type { Span } from '../../model/file-model.ts'
import type { CallExpression, Node } from '../../parse/ast.ts'
import { childKeys, type Fields, isList } from '../../parse/children.ts'

type Of<Type extends Node['type']> = Extract<Node, { readonly type: Type }>

/** Finds the nodes of a file by type and span, and what they are in. */
export class SyntaxIndex {
  /** By span: most spans are of one or two nodes. */
  readonly #nodes = new Map<number, Node[]>()
  readonly #parents = new Map<Node, Node>()
  readonly #end: number
  readonly #starts: readonly number[]

  /** @param wanted what will be asked for: nothing else is looked at */
  constructor(program: Node, wanted: readonly Span[]) {
    // A number for each span that lies in the program.
    this.#end = program.end + 1
    this.#starts = wanted.map(({ start }) => start).sort((a, b) => a - b)
    this.#add(program)
  }

  find<Type extends Node['type']>(type: Type, span: Span): Of<Type> | undefined {
    return this.#nodes.get(this.#key(span))?.findLast((node): node is Of<Type> => node.type === type)
  }

  /** @throws Error when there is none: the plan is not of this text */
  get<Type extends Node['type']>(type: Type, span: Span): Of<Type> {
    return this.find(type, span) ?? missing(type, span)
  }

  /** The call whose callee is at a span. */
  callAt(callee: Span): CallExpression {
    for (const node of this.#nodes.get(this.#key(callee)) ?? []) {
      const parent = this.#parents.get(node)
      if (parent?.type === 'CallExpression' && parent.callee === node) return parent
    }
    return missing('call', callee)
  }

  parentOf(node: Node): Node | undefined {
    return this.#parents.get(node)
  }

  #add(node: Node): void {
    const at = this.#key(node)
    const there = this.#nodes.get(at)
    if (there === undefined) this.#nodes.set(at, [node])
    else there.push(node)
    const fields = node as unknown as Fields
    for (const key of childKeys(node)) {
      const field = fields[key]
      if (field === null || field === undefined) continue
      if (!isList(field)) this.#addWanted(field, node)
      else for (const child of field) if (child !== null) this.#addWanted(child, node)
    }
  }

  #addWanted(node: Node, parent: Node): void {
    // Decorators of an exported class may stand before all of it.
    if (!hasOuterDecorators(node) && !this.#isWanted(node)) return
    this.#parents.set(node, parent)
    this.#add(node)
  }

  /** Whether something that is wanted starts in a span. */
  #isWanted({ start, end }: Span): boolean {
    const starts = this.#starts
    let low = 0
    let high = starts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (starts[middle]! < start) low = middle + 1
      else high = middle
    }
    return low < starts.length && starts[low]! < end
  }

  #key({ start, end }: Span): number {
    return start * this.#end + end
  }
}

/** Whether a node may hold decorators that are not in its span. */
export function hasOuterDecorators({ type }: Node): boolean {
  switch (type) {
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration':
    case 'ClassDeclaration':
    case 'ClassExpression':
      return true
    default:
      return false
  }
}

function missing(what: string, { start, end }: Span): never {
  throw new Error(`catga: no ${what} at ${start}–${end}. This is a defect of catga; please report it.`)
}

/** The node before one in a list of statements or members. */
export function before<T extends Node>(list: readonly T[], node: Node): T | undefined {
  return list[list.indexOf(node as T) - 1]
}
