/**
 * CATGA121: our decorators reach a class by a way the compiler does not follow, such as another module of the user's or `require`. They
 * look right and do nothing.
 */
import type { Decorator, Node } from '../../parse/ast.ts'
import { unwrap } from '../../parse/ast.ts'
import { parse } from '../../parse/parse.ts'
import type { ClassInfo } from '../class-info.ts'
import type { FileContext } from '../file-context.ts'
import { importSource } from '../global-path.ts'
import type { Binding } from '../syntax-tree.ts'

const NAMES: ReadonlySet<string> = new Set(['CatgaProcess', 'ProcessStep'])
const FIX = 'Write "import { CatgaProcess, ProcessStep } from \'catga\'" in this file, where the compiler recognises them.'

export function foreignMarkers(file: FileContext, infos: Iterable<ClassInfo>): void {
  for (const info of infos) {
    for (const decorator of info.node.decorators) checkDecorator(file, decorator, `class "${info.name ?? 'without a name'}"`)
    for (const member of info.members) {
      for (const decorator of member.decorators) checkDecorator(file, decorator, `"${member.name ?? '?'}"`)
    }
  }
}

function checkDecorator(file: FileContext, decorator: Decorator, on: string): void {
  const expression = unwrap(decorator.expression)
  let root = unwrap(expression.type === 'CallExpression' ? expression.callee : expression)
  while (root.type === 'MemberExpression') root = unwrap(root.object)
  const binding = file.tree.resolve(root)
  if (binding === undefined) return
  const loaded = loadedBy(binding.declaration)
  if (loaded !== undefined) {
    file.report('CATGA121', loaded, { decorator: '"catga"', found: 'is loaded in a way the compiler does not follow', fix: FIX })
    return
  }
  const source = importSource(file.tree, binding)
  if (source === undefined || source === 'catga') return
  // A package that has nothing to do with us may use our names.
  if (!/^[.#/]/.test(source) && file.catga.declarations.length === 0) return
  const name = ours(file, source, binding)
  if (name !== undefined)
    file.report('CATGA121', decorator, { decorator: `@${name} on ${on}`, found: `is imported from "${source}"`, fix: FIX })
}

/** `import catga = require('catga')`, `require('catga')` or `import('catga')` that a name is declared by. */
function loadedBy(declaration: Node): Node | undefined {
  if (declaration.type === 'TSImportEqualsDeclaration') {
    const { moduleReference } = declaration
    return moduleReference.type === 'TSExternalModuleReference' && moduleReference.expression.value === 'catga' ? declaration : undefined
  }
  if (declaration.type !== 'VariableDeclarator' || !declaration.init) return undefined
  let call = unwrap(declaration.init)
  if (call.type === 'MemberExpression') call = unwrap(call.object)
  if (call.type === 'AwaitExpression') call = unwrap(call.argument)
  const isRequire = call.type === 'CallExpression' && call.callee.type === 'Identifier' && call.callee.name === 'require'
  const from = isRequire && call.type === 'CallExpression' ? call.arguments[0] : call.type === 'ImportExpression' ? call.source : undefined
  return from?.type === 'Literal' && from.value === 'catga' ? call : undefined
}

/** Which of our decorators an import of another module is: by its name, or because that module says so. */
function ours(file: FileContext, source: string, { declaration }: Binding): string | undefined {
  if (declaration.type !== 'ImportSpecifier') return undefined
  const imported = declaration.imported.type === 'Literal' ? declaration.imported.value : declaration.imported.name
  if (NAMES.has(imported)) return imported
  const other = source.startsWith('.') ? file.options.readOtherModule?.(source, file.fileName) : undefined
  const program = other?.source.includes('catga') === true ? parse(other.source, other.fileName) : undefined
  for (const statement of program?.body ?? []) {
    if (statement.type !== 'ExportNamedDeclaration' || statement.source?.value !== 'catga') continue
    for (const { local, exported } of statement.specifiers) {
      if (nameOf(exported) === imported && NAMES.has(nameOf(local))) return nameOf(local)
    }
  }
  return undefined
}

function nameOf(node: Node): string {
  if (node.type === 'Identifier') return node.name
  return node.type === 'Literal' ? String(node.value) : ''
}
