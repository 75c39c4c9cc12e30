import type { DiagnosticCode, DiagnosticDetails } from '../diagnostics/catalog.ts'
import { diagnose } from '../diagnostics/diagnose.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Span } from '../model/file-model.ts'
import type { Node } from '../parse/ast.ts'
import type { CatgaImports } from './catga-imports.ts'
import type { OutsideFunctions } from './outside-function.ts'
import type { OutsideModules } from './outside-modules.ts'
import type { SyntaxTree } from './syntax-tree.ts'

export interface OtherModule {
  readonly fileName: string
  readonly source: string
}

/** What analysis has to know of the project a file is in. */
export interface AnalyzeOptions {
  /** Source of a module that process code imports, to look at the functions it calls. */
  readonly readOtherModule?: (specifier: string, fromFile: string) => OtherModule | undefined
  /** `legacy` is `experimentalDecorators`; default `standard`. */
  readonly decorators?: 'standard' | 'legacy'
}

/** What every rule works with: the file, what its names mean, and where findings go. */
export interface FileContext {
  readonly source: string
  readonly fileName: string
  readonly tree: SyntaxTree
  readonly catga: CatgaImports
  readonly options: AnalyzeOptions
  readonly findings: Findings
  readonly outside: OutsideFunctions
  readonly modules: OutsideModules
  report<Code extends DiagnosticCode>(code: Code, at: Span, details: DiagnosticDetails<Code>): void
}

/**
 * Collects diagnostics.
 *
 * 1. One place gives one diagnostic: a second finding at the same start is dropped, as is one inside a span that `cover` named.
 * 2. An error is never dropped for a warning.
 */
export class Findings {
  readonly #fileName: string
  readonly #found = new Map<number, Diagnostic>()
  readonly #covered: Span[] = []

  constructor(fileName: string) {
    this.#fileName = fileName
  }

  add<Code extends DiagnosticCode>(code: Code, span: Span, details: DiagnosticDetails<Code>): void {
    if (this.#covered.some((cover) => cover.start <= span.start && span.end <= cover.end)) return
    const found = diagnose({ code, details, fileName: this.#fileName, span })
    const earlier = this.#found.get(span.start)
    if (earlier === undefined || (earlier.severity === 'warning' && found.severity === 'error')) this.#found.set(span.start, found)
  }

  /** Drops later findings inside the span: its mistake has been told. */
  cover(span: Span): void {
    this.#covered.push(span)
  }

  get hasErrors(): boolean {
    return [...this.#found.values()].some(({ severity }) => severity === 'error')
  }

  get all(): readonly Diagnostic[] {
    return [...this.#found.values()].sort((a, b) => a.span.start - b.span.start)
  }
}

/** Source text of a node on one line, short enough for a message. */
export function textOf(file: { readonly source: string }, node: Node | Span): string {
  const text = file.source.slice(node.start, node.end).replace(/\s+/g, ' ')
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`
}
