import { parseSync, type ParseResult } from 'oxc-parser'
import type { Span } from '../model/file-model.ts'
import type { Program } from './ast.ts'
import { hasTooManyBrackets, isTooDeep } from './nesting.ts'

/**
 * The syntax tree with spans in UTF-16 units, equal to TypeScript's. A file that does not parse has none: its compiler
 * reports that better than we would; nor has one nested deeper than any compiler follows. Errors the parser recovers from
 * (type-level rules) leave the tree usable.
 */
export function parse(source: string, fileName: string): Program | undefined {
  if (hasTooManyBrackets(source)) return undefined
  const { program } = parseFile(source, fileName)
  return program.body.length === 0 || isTooDeep(program) ? undefined : program
}

/** A parsed file: the syntax and, for a back end that edits text, where comments are. */
export interface ParsedText {
  readonly program: Program
  /** In source order; read from the parser when first asked for. */
  readonly comments: readonly Span[]
}

/** As `parse`, with the comments. */
export function parseText(source: string, fileName: string): ParsedText | undefined {
  if (hasTooManyBrackets(source)) return undefined
  const result = parseFile(source, fileName)
  const { program } = result
  if (program.body.length === 0 || isTooDeep(program)) return undefined
  return {
    program,
    get comments() {
      return result.comments
    },
  }
}

/** What a module gives to others. */
export interface ModuleSyntax {
  /** Whether it has `import` or `export` as ES modules have them; TypeScript's `import x = require()` and `export =` are none. */
  readonly isModule: boolean
  /** Names it exports itself, `default` among them; without those of types alone, as far as one file tells. */
  readonly exported: readonly string[]
  /** Modules all of whose names it exports again. */
  readonly exportedAll: readonly string[]
}

/** Empty for a file that does not parse. */
export function moduleSyntax(source: string, fileName: string): ModuleSyntax {
  const { staticImports, staticExports, importMetas } = parseFile(source, fileName).module
  const entries = staticExports.flatMap((statement) => statement.entries).filter(({ isType }) => !isType)
  return {
    isModule: staticImports.length + staticExports.length + importMetas.length > 0,
    exported: entries.flatMap(({ exportName }) => (exportName.kind === 'Default' ? 'default' : (exportName.name ?? []))),
    exportedAll: entries.flatMap(({ exportName, moduleRequest }) => (exportName.kind === 'None' ? (moduleRequest?.value ?? []) : [])),
  }
}

function parseFile(source: string, fileName: string): ParseResult {
  return parseSync(fileName, source, { astType: 'ts', preserveParens: true, lang: languageOf(fileName), sourceType: 'module' })
}

function languageOf(fileName: string): 'js' | 'jsx' | 'ts' | 'tsx' | 'dts' {
  if (/\.d\.[cm]?ts$/.test(fileName)) return 'dts'
  if (fileName.endsWith('.tsx')) return 'tsx'
  if (/\.[cm]?js$/.test(fileName)) return 'js'
  return fileName.endsWith('.jsx') ? 'jsx' : 'ts'
}
