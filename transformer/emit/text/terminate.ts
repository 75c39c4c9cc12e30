import type { Node } from '../../parse/ast.ts'
import type { TextEmitter } from './text-emitter.ts'

/**
 * Writes the semicolon that a statement or member has left to the line break behind it. What followed and could not
 * continue it (a decorator, an import, a brace) is going away, and what comes next might: `(`, `[`, `static` …
 */
export function terminate({ source, edits }: TextEmitter, node: Node | undefined): void {
  const open = node === undefined ? undefined : openEnd(node)
  if (open !== undefined && source.text.charAt(open.end - 1) !== ';') edits.terminate(open)
}

/** The innermost node that ends with this one and that a semicolon ends; undefined where a brace does. */
function openEnd(node: Node): Node | undefined {
  switch (node.type) {
    case 'IfStatement':
      return openEnd(node.alternate ?? node.consequent)
    case 'WhileStatement':
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'LabeledStatement':
      return openEnd(node.body)
    case 'ExportNamedDeclaration':
      return node.declaration === null ? node : openEnd(node.declaration) && node
    case 'ExportDefaultDeclaration':
      return BRACED.has(node.declaration.type) ? undefined : node
    case 'MethodDefinition':
    case 'TSAbstractMethodDefinition':
      return node.value.body === null ? node : undefined
    default:
      return BRACED.has(node.type) ? undefined : node
  }
}

const BRACED: ReadonlySet<string> = new Set([
  'BlockStatement',
  'StaticBlock',
  'ClassDeclaration',
  'FunctionDeclaration',
  'SwitchStatement',
  'TryStatement',
  'WithStatement',
  'EmptyStatement',
  'TSEnumDeclaration',
  'TSInterfaceDeclaration',
  'TSModuleDeclaration',
  'TSGlobalDeclaration',
])
