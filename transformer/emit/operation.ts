/**
 * What a plan is made of: a handful of operations on spans of the source. Both back ends carry out the same list, so
 * nothing is decided after this point; a new operation has to be added to both.
 */
import type { Span, StaticSelf } from '../model/file-model.ts'

/** Generated code, small enough to be printed or built without a parser: `object.method(arguments)`. */
export interface GeneratedCall {
  readonly object: string
  readonly method: string
  readonly arguments: readonly GeneratedArgument[]
}

export type GeneratedArgument =
  | { readonly kind: 'this' }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: string | number }

/** Removes a node. A decorator that alone made TypeScript emit metadata leaves an inert one behind. */
export interface Erase {
  readonly kind: 'erase'
  readonly node: 'decorator' | 'import' | 'import specifier'
  readonly span: Span
}

/**
 * Opens a scope at the start of a function body: `const name = open`. With `closes`, the user's statements go into
 * `try { … } finally { name.close() }`. An arrow's expression body becomes a block that returns the expression.
 */
export interface OpenScope {
  readonly kind: 'open scope'
  readonly span: Span
  readonly form: 'block' | 'expression'
  readonly name: string
  readonly open: GeneratedCall
  readonly closes: boolean
}

/** Wraps the body of a step so that its outcome is journaled; see docs/emitted-code.md. */
export interface JournalBody {
  readonly kind: 'journal body'
  readonly span: Span
  readonly enter: GeneratedCall
  readonly frame: string
  readonly value: string
  readonly label: string
  readonly error: string
  /** Whether the body has `return` statements, and so needs the label and the value. */
  readonly returns: boolean
}

/** `return x` → `{ value = x; break label }`. */
export interface LeaveBody {
  readonly kind: 'leave body'
  readonly span: Span
  readonly value: string
  readonly label: string
}

/** `f(a, b)` → `f(...object.method(leading, [a, b]))`. */
export interface PassToken {
  readonly kind: 'pass token'
  readonly span: Span
  readonly through: GeneratedCall
}

/** `callee(a)` or `new Callee(a)` → `object.method(leading, a)`; `span` is the whole call or its callee, as `at` says. */
export interface ReplaceCallee {
  readonly kind: 'replace callee'
  readonly at: 'call' | 'callee'
  readonly span: Span
  readonly by: GeneratedCall
}

/** Puts a static block before the closing brace of a class body. */
export interface AppendStaticBlock {
  readonly kind: 'append static block'
  /** The class body, braces included. */
  readonly span: Span
  readonly define: GeneratedCall
  /** What `define` is given in place of `this` where that would not do. */
  readonly self: StaticSelf | undefined
  /** The `id` option's function, moved here from the erased decorator. */
  readonly idFunction: Span | undefined
  /** `#private` methods to give access to, without `#`. */
  readonly privates: readonly string[]
}

export type Operation = Erase | OpenScope | JournalBody | LeaveBody | PassToken | ReplaceCallee | AppendStaticBlock

export type OperationKind = Operation['kind']
