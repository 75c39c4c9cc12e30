import type { Node } from '../../parse/ast.ts'
import type { EmitPlan } from '../plan.ts'
import { literalText } from './literal-text.ts'
import { terminate } from './terminate.ts'
import { directives, type TextEmitter } from './text-emitter.ts'

/** Puts the runtime import, the manifests or the errors behind the imports that a file starts with, on their last line. */
export function addPrologue(emitter: TextEmitter, plan: EmitPlan): void {
  const { program, edits, isErased } = emitter
  const added = [`import * as ${plan.runtime} from 'catga/emitted';`]
  for (const { name, manifest } of plan.manifests) added.push(`const ${name} = ${literalText(manifest)};`)
  if (plan.errors.length > 0) added.push(`${plan.runtime}.compileErrors(${literalText(plan.errors)});`)
  const head = importsOf(program.body)
  const last = head.at(-1)
  if (last === undefined) {
    const first = program.body[0]!
    return edits.open(startOf(first), `${added.join(' ')} `, program)
  }
  terminate(
    emitter,
    head.findLast((statement) => !isErased(statement)),
  )
  edits.close(last.end, ` ${added.join(' ')}`, { start: -1, end: program.end })
}

function importsOf(statements: readonly Node[]): readonly Node[] {
  const count = directives(statements).length
  const rest = statements.slice(count).findIndex((statement) => !isImport(statement))
  return rest === -1 ? statements : statements.slice(0, count + rest)
}

function isImport(statement: Node): boolean {
  if (statement.type === 'ExportNamedDeclaration') return statement.declaration?.type === 'TSImportEqualsDeclaration'
  return statement.type === 'ImportDeclaration' || statement.type === 'TSImportEqualsDeclaration'
}

/** With decorators, which may stand before `export`. */
function startOf(statement: Node): number {
  const declared = 'declaration' in statement && typeof statement.declaration === 'object' ? statement.declaration : statement
  const decorators = declared !== null && 'decorators' in declared ? (declared.decorators ?? []) : []
  return Math.min(statement.start, ...decorators.map(({ start }) => start))
}
