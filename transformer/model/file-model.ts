/**
 * What analysis found in one file and both back ends emit from. Readonly data, serialisable, imports only the manifest.
 * Spans are UTF-16 offsets into the source text, end exclusive, equal to TypeScript's `node.getStart()` and `node.end`.
 */
import type { ProcessManifest } from './manifest.ts'

export interface Span {
  readonly start: number
  readonly end: number
}

/** Everything analysis found in one file. */
export interface FileModel {
  readonly fileName: string
  /** Names for generated bindings that no identifier of the file uses. */
  readonly names: GeneratedNames
  readonly imports: readonly ErasedImport[]
  readonly processes: readonly ProcessModel[]
}

export interface GeneratedNames {
  /** Namespace import of `catga/emitted`: `$catga`. */
  readonly runtime: string
  /** Prefix of scope variables: `$s`, then `$s1` … for closures, unique in the file. */
  readonly scope: string
  /** Step call: `$c`. */
  readonly call: string
  /** Step value: `$v`. */
  readonly value: string
  /** Step body label: `$b`. */
  readonly label: string
  /** Caught error: `$e`. */
  readonly error: string
}

/** An import declaration of `catga` of which specifiers go away because every use of them is compiled away. */
export interface ErasedImport {
  readonly declaration: Span
  /** Import specifier nodes to remove; empty with `whole`. */
  readonly specifiers: readonly Span[]
  /** Nothing is left: the declaration goes. */
  readonly whole: boolean
}

/** Body of a class that gets a static block. */
export interface DefinedClass extends Span {
  readonly self: StaticSelf | undefined
}

/**
 * A name for the class in its static block. For targets before ES2022 TypeScript does not lower a `this` of ours there, and makes any
 * `this` there `void 0` in a class that has decorators or decorator metadata as `experimentalDecorators` has them. Standard decorators of
 * others may replace the class, so there it stays `this`.
 */
export interface StaticSelf {
  readonly name: string
  readonly needed: 'always' | 'where static blocks are lowered'
}

export interface ProcessModel {
  readonly manifest: ProcessManifest
  /** Module-level const that holds the manifest: `$m`, `$m1` … */
  readonly manifestName: string
  /** Our decorators on the class and its members. */
  readonly erasedDecorators: readonly Span[]
  /** Class body, braces included: the static block goes before its closing brace. */
  readonly classBody: DefinedClass
  /** Class bodies of base classes of the same file whose code this process emits: each gets a static block too. */
  readonly baseBodies: readonly DefinedClass[]
  /** Name identifier, absent for anonymous classes: what both parsers agree on. */
  readonly className: Span | undefined
  /** The `id` option's function, moved into the static block. */
  readonly idFunction: Span | undefined
  /** `#private` step and undo methods to give access to, without `#`. */
  readonly privates: readonly string[]
  /**
   * `execute` and durable helpers, in the order of `manifest.functions`. Code inherited from a class of the same file
   * that an earlier process emits is left out, so `index` counts and not the position.
   */
  readonly functions: readonly DurableFunction[]
  /** Callee of each `stepContext()` in an undo method: `stepContext()` → `$catga.undoContext(this)`. */
  readonly undoContextCalls: readonly Span[]
  /** In the order of `manifest.steps`, with the same gaps. */
  readonly steps: readonly StepMethod[]
}

/** `execute`, a helper or a closure in process code that opens a scope. */
export interface DurableFunction {
  readonly kind: 'execute' | 'helper' | 'branch'
  /** Index in `manifest.functions` or in the parent's `branches`. */
  readonly index: number
  /** Variable that holds its scope: `$s`, `$s1` … */
  readonly scope: string
  /** Body: the block with its braces, or an arrow's expression. */
  readonly body: Span
  readonly bodyKind: 'block' | 'expression'
  readonly isAsync: boolean
  readonly calls: readonly DurableCall[]
  readonly waits: readonly WaitUse[]
  readonly derived: readonly DerivedUse[]
  readonly keyed: readonly KeyedCall[]
  readonly branches: readonly DurableFunction[]
}

/** `this.method(args)` → `this.method(...$s.call(site, [args]))`. */
export interface DurableCall {
  readonly site: number
  /** The call expression. */
  readonly call: Span
  /** Between the parentheses, exclusive of them. */
  readonly args: Span
}

/** `sleep(args)` → `$s.sleep(site, args)`: the callee identifier (or `catga.sleep`) is replaced. */
export interface WaitUse {
  readonly site: number
  readonly callee: Span
  readonly method: 'sleep' | 'waitFor' | 'tryWaitFor'
}

/** `callee(args)` or `new Date()` → `$s.method(leading, args)`; arguments are kept where they are. */
export interface DerivedUse {
  readonly expression: Span
  readonly method: 'now' | 'date' | 'random' | 'randomUUID' | 'getRandomValues' | 'performanceNow' | 'temporalNow' | 'log'
  /** For `temporalNow`: the `Temporal.Now` method; for `log`: the `console` method. */
  readonly leading?: string
}

/** `keyed(key, fn)` → `$s.keyed(key, fn)`: the callee identifier (or `catga.keyed`) is replaced. */
export interface KeyedCall {
  readonly callee: Span
}

export interface StepMethod {
  readonly index: number
  /** Name node of the method. */
  readonly name: Span
  /** Body with its braces. */
  readonly body: Span
  /** `return` statements of the body itself, not of functions in it. */
  readonly returns: readonly StepReturn[]
  /** Callee of each `stepContext()` in the body: `stepContext()` → `$catga.stepContext($c)`. */
  readonly contextCalls: readonly Span[]
  /** `this.helper(args)` → `this.helper(...$c.call([args]))`. */
  readonly helperCalls: readonly Pick<DurableCall, 'call' | 'args'>[]
}

export interface StepReturn {
  readonly statement: Span
  readonly argument: Span | undefined
}
