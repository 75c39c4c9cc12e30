/**
 * Where classes, methods, calls and awaits are, as TypeScript sees it and as the compiler's own parser does.
 *
 * A class is found by its name, its first brace and its end, because TypeScript counts `export`, `default` and decorators
 * before them as part of the class, and the other parser counts them as part of the export. That is the one difference there is.
 */
import ts from 'typescript'
import type { Node, Program } from '../../transformer/parse/ast.ts'
import { forEachChild } from '../../transformer/parse/children.ts'

/** `kind start end`; for classes `class name brace end`, and one more for those that are not exported, with where they start. */
export type SyntaxSpans = ReadonlySet<string>

export function typeScriptSpans(file: ts.SourceFile): SyntaxSpans {
  const spans = new Set<string>()
  const visit = (node: ts.Node, parent: ts.Node): void => {
    // Accessors of interfaces have no code.
    const holdsCode = ts.isClassLike(parent) || ts.isObjectLiteralExpression(parent)
    const kind = callKind(node) ?? (holdsCode && isMethod(node) ? 'method' : undefined)
    if (kind !== undefined) spans.add(`${kind} ${node.getStart(file)} ${node.end}`)
    else if (ts.isClassLike(node)) {
      spans.add(`class ${node.name?.getStart(file) ?? '-'} ${node.members.pos - 1} ${node.end}`)
      const isExported = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword)
      if (isExported !== true) spans.add(`class starts ${node.getStart(file)}`)
    }
    ts.forEachChild(node, (child) => visit(child, node))
  }
  visit(file, file)
  return spans
}

function callKind(node: ts.Node): string | undefined {
  if (ts.isCallExpression(node)) return 'call'
  return ts.isAwaitExpression(node) ? 'await' : undefined
}

function isMethod(node: ts.Node): boolean {
  return ts.isMethodDeclaration(node) || ts.isAccessor(node) || ts.isConstructorDeclaration(node)
}

export function parserSpans(program: Program): SyntaxSpans {
  const spans = new Set<string>()
  const visit = (node: Node, parent: Node): void => {
    const kind = KINDS[node.type]
    if (kind !== undefined || isObjectMethod(node)) spans.add(`${kind ?? 'method'} ${node.start} ${node.end}`)
    else if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') {
      spans.add(`class ${node.id?.start ?? '-'} ${node.body.start} ${node.end}`)
      const isExported = parent.type === 'ExportNamedDeclaration' || parent.type === 'ExportDefaultDeclaration'
      if (!isExported) spans.add(`class starts ${node.start}`)
    }
    forEachChild(node, (child) => visit(child, node))
  }
  for (const statement of program.body) visit(statement, program)
  return spans
}

const KINDS: Readonly<Record<string, string>> = {
  CallExpression: 'call',
  ImportExpression: 'call',
  AwaitExpression: 'await',
  MethodDefinition: 'method',
  TSAbstractMethodDefinition: 'method',
}

function isObjectMethod(node: Node): boolean {
  return node.type === 'Property' && (node.method || node.kind !== 'init')
}

/** What only one of the two has. */
export function unpaired(typeScript: SyntaxSpans, parser: SyntaxSpans): readonly string[] {
  return [
    ...[...typeScript].filter((span) => !parser.has(span)).map((span) => `only TypeScript: ${span}`),
    ...[...parser].filter((span) => !typeScript.has(span)).map((span) => `only the parser: ${span}`),
  ]
}

export interface ParsedByTypeScript {
  readonly file: ts.SourceFile
  readonly errors: readonly string[]
}

export function parseWithTypeScript(text: string, fileName: string): ParsedByTypeScript {
  const file = ts.createSourceFile(fileName, text, ts.ScriptTarget.ESNext, false)
  const { parseDiagnostics } = file as ts.SourceFile & { readonly parseDiagnostics: readonly ts.Diagnostic[] }
  return {
    file,
    errors: parseDiagnostics.map(
      ({ code, start, messageText }) => `TS${code} at ${start}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    ),
  }
}
