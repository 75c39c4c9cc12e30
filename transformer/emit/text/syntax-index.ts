import type { Span } from '../../model/file-model.ts'
import type { CallExpression, Node } from '../../parse/ast.ts'
import { forEachChild } from '../../parse/children.ts'

type Of<Type extends Node['type']> = Extract<Node, { readonly type: Type }>

/** Finds the nodes of a file by type and span, and what they are in. */
export class SyntaxIndex {
  readonly #nodes = new Map<string, Node>()
  readonly #parents = new Map<Node, Node>()
  readonly #calls = new Map<string, CallExpression>()

  constructor(program: Node) {
    const visit = (node: Node): void => {
      this.#nodes.set(key(node.type, node), node)
      if (node.type === 'CallExpression') this.#calls.set(key('callee', node.callee), node)
      forEachChild(node, (child) => {
        this.#parents.set(child, node)
        visit(child)
      })
    }
    visit(program)
  }

  find<Type extends Node['type']>(type: Type, span: Span): Of<Type> | undefined {
    return this.#nodes.get(key(type, span)) as Of<Type> | undefined
  }

  /** @throws Error when there is none: the plan is not of this text */
  get<Type extends Node['type']>(type: Type, span: Span): Of<Type> {
    return this.find(type, span) ?? missing(type, span)
  }

  /** The call whose callee is at a span. */
  callAt(callee: Span): CallExpression {
    return this.#calls.get(key('callee', callee)) ?? missing('call', callee)
  }

  parentOf(node: Node): Node | undefined {
    return this.#parents.get(node)
  }
}

function missing(what: string, { start, end }: Span): never {
  throw new Error(`catga: no ${what} at ${start}–${end}. This is a defect of catga; please report it.`)
}

function key(type: string, { start, end }: Span): string {
  return `${type} ${start}:${end}`
}

/** The node before one in a list of statements or members. */
export function before<T extends Node>(list: readonly T[], node: Node): T | undefined {
  return list[list.indexOf(node as T) - 1]
}
