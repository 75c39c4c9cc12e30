import type { Span } from '../../model/file-model.ts'
import type { CallExpression, Node } from '../../parse/ast.ts'
import { forEachChild } from '../../parse/children.ts'

type Of<Type extends Node['type']> = Extract<Node, { readonly type: Type }>

/** Finds the nodes of a file by type and span, and what they are in. */
export class SyntaxIndex {
  /** By span: most spans are of one or two nodes. */
  readonly #nodes = new Map<number, Node[]>()
  readonly #parents = new Map<Node, Node>()
  readonly #end: number

  constructor(program: Node) {
    // A number for each span that lies in the program.
    this.#end = program.end + 1
    const visit = (node: Node): void => {
      const at = this.#key(node)
      const there = this.#nodes.get(at)
      if (there === undefined) this.#nodes.set(at, [node])
      else there.push(node)
      forEachChild(node, (child) => {
        this.#parents.set(child, node)
        visit(child)
      })
    }
    visit(program)
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

  #key({ start, end }: Span): number {
    return start * this.#end + end
  }
}

function missing(what: string, { start, end }: Span): never {
  throw new Error(`catga: no ${what} at ${start}–${end}. This is a defect of catga; please report it.`)
}

/** The node before one in a list of statements or members. */
export function before<T extends Node>(list: readonly T[], node: Node): T | undefined {
  return list[list.indexOf(node as T) - 1]
}
