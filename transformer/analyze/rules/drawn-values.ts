import type { Closure, Node } from '../../parse/ast.ts'
import { isClosure, keyName, memberName, unwrap } from '../../parse/ast.ts'
import { type ClassInfo, lineage, type Member } from '../class-info.ts'
import { derivedUse } from '../derived.ts'
import { drawnProperty, type DrawnSearch, drawnValue } from '../drawn-value.ts'
import { type FileContext, textOf } from '../file-context.ts'
import { methodCode, outermost } from '../method-code.ts'
import { basesElsewhere } from '../outside-class.ts'
import type { ModuleSource } from '../outside-modules.ts'
import type { Process } from '../process-code.ts'

const FIX = 'Take it in "execute", where it is replayed, and keep it in a variable.'

/** CATGA113: process code reads time or randomness that was taken when the instance was made or a module was loaded. */
export function drawnValues(process: Process): void {
  const fields = drawnFields(process)
  const told = new Set<string>()
  const tell = (at: Node, name: string, from: string): void => {
    if (told.has(name)) return
    told.add(name)
    process.file.report('CATGA113', at, { what: `"${name}", set to ${from}`, fix: FIX })
  }
  for (const member of process.reached) {
    for (const { node, name } of fieldReads(process, member)) {
      const field = fields.get(name)
      const what = field === undefined || isSetFirst(process, member, { node, name }) ? undefined : drawnPart(process, field, node)
      if (what !== undefined) tell(node, `this.${name}`, `"${what}" whenever the instance is made`)
    }
    for (const { node, what } of moduleReads(process, member)) tell(node, textOf(process.file, node), `"${what}" when its module is loaded`)
  }
}

interface DrawnField {
  readonly what: string
  readonly search: DrawnSearch
  /** What the field is set to. */
  readonly value: Node | undefined
}

interface Level {
  readonly info: ClassInfo
  readonly module: ModuleSource
}

/** Fields by name that are drawn where they are declared or in the constructor, bases first. */
function drawnFields(process: Process): ReadonlyMap<string, DrawnField> {
  const { file, info } = process
  const levels: Level[] = [...lineage(info).map((level) => ({ info: level, module: file })), ...basesElsewhere(file, info)].reverse()
  const fields = new Map<string, DrawnField>()
  for (const { info: level, module } of levels) {
    const search: DrawnSearch = { file, module, ofField: (name) => fields.get(name)?.what }
    const set = ({ name, value, isAlways }: SetField): void => {
      const what = drawnValue(search, value)
      if (name !== undefined && what !== undefined) fields.set(name, { what, search, value })
      else if (name !== undefined && isAlways) fields.delete(name)
    }
    for (const member of level.members) {
      const value = member.isStatic ? undefined : initialValue(member.node)
      if (value) set({ name: member.name, value, isAlways: true })
    }
    const constructor = level.members.find(({ kind }) => kind === 'constructor')
    if (constructor?.code !== undefined) for (const assignment of assignmentsIn(file, module, constructor.code)) set(assignment)
  }
  return fields
}

function initialValue(node: Node): Node | null | undefined {
  if (node.type === 'PropertyDefinition' || node.type === 'AccessorProperty') return node.value
  return node.type === 'TSParameterProperty' && node.parameter.type === 'AssignmentPattern' ? node.parameter.right : undefined
}

interface SetField {
  readonly name: string | undefined
  readonly value: Node
  /** Whether nothing before it can be left in the field. */
  readonly isAlways: boolean
}

/** `this.name = value` that runs with the constructor itself. */
function assignmentsIn(file: FileContext, { tree }: ModuleSource, root: Closure): readonly SetField[] {
  return methodCode(tree, file.catga, root)
    .of('AssignmentExpression')
    .flatMap(({ left, right }) => {
      const target = unwrap(left)
      if (target.type !== 'MemberExpression' || unwrap(target.object).type !== 'ThisExpression') return []
      for (let at = tree.parents.get(target); at !== undefined && at !== root; at = tree.parents.get(at)) if (isClosure(at)) return []
      const statement = tree.parents.get(tree.parents.get(target) ?? target)
      const isAlways = statement !== undefined && tree.parents.get(statement) === root.body
      return [{ name: memberName(target), value: right, isAlways }]
    })
}

interface Read {
  readonly node: Node
  readonly name: string
}

/** `this.name`, and names taken out of `this`, but for what is only logged or assigned. */
function fieldReads(process: Process, member: Member): readonly Read[] {
  const { tree } = process.file
  const code = process.codeOf(member)
  if (code === undefined) return []
  const reads: Read[] = []
  for (const { node, name, ofInstance } of code.thisMembers) {
    const parent = tree.parents.get(outermost(tree, node))
    const isTarget = parent?.type === 'AssignmentExpression' && parent.operator === '=' && unwrap(parent.left) === node
    if (name !== undefined && ofInstance && !isTarget && !isHarmless(process, node)) reads.push({ node, name })
  }
  for (const { id, init } of code.of('VariableDeclarator')) {
    if (id.type !== 'ObjectPattern' || !init || unwrap(init).type !== 'ThisExpression') continue
    for (const property of id.properties) {
      const name = property.type === 'Property' ? keyName(property.key, property.computed) : undefined
      if (name !== undefined) reads.push({ node: property, name })
    }
  }
  return reads
}

/** What is logged is said once, whatever it is; a type never changes. */
function isHarmless({ file }: Process, node: Node): boolean {
  for (let at = file.tree.parents.get(node); at !== undefined && !isClosure(at); at = file.tree.parents.get(at)) {
    if (at.type === 'CallExpression' && derivedUse(file.tree, at)?.method === 'log') return true
    if (at.type === 'UnaryExpression' && at.operator === 'typeof') return true
  }
  return false
}

/** Whether `execute` sets the field before it is read, so that what it was made with is gone. */
function isSetFirst({ execute, file }: Process, member: Member, { node, name }: Read): boolean {
  const body = execute?.code?.body
  if (body?.type !== 'BlockStatement') return false
  return body.body.some((statement) => {
    const expression = statement.type === 'ExpressionStatement' ? unwrap(statement.expression) : undefined
    if (expression?.type !== 'AssignmentExpression' || expression.operator !== '=') return false
    const target = unwrap(expression.left)
    const isField = target.type === 'MemberExpression' && unwrap(target.object).type === 'ThisExpression' && memberName(target) === name
    return isField && (member !== execute || (expression.end <= node.start && file.tree.parents.has(node)))
  })
}

/** What is read of the field: of an object that is written out, perhaps one property only. */
function drawnPart({ file }: Process, { what, search, value }: DrawnField, node: Node): string | undefined {
  const literal = value === undefined ? undefined : unwrap(value)
  const parent = file.tree.parents.get(outermost(file.tree, node))
  const name = parent?.type === 'MemberExpression' && unwrap(parent.object) === node ? memberName(parent) : undefined
  return literal?.type === 'ObjectExpression' && name !== undefined ? drawnProperty(search, literal, name) : what
}

/** Variables of modules and static fields that are read. */
function moduleReads(process: Process, member: Member): readonly { node: Node; what: string }[] {
  const { file } = process
  const code = process.codeOf(member)
  if (code === undefined) return []
  const search: DrawnSearch = { file, module: file }
  const reads: { node: Node; what: string }[] = []
  for (const identifier of code.of('Identifier')) {
    const binding = file.tree.resolve(identifier)
    if (binding === undefined || isHarmless(process, identifier)) continue
    if (code.root.start <= binding.node.start && binding.node.end <= code.root.end) continue
    const node = widest(file, identifier)
    const what = drawnValue(search, node)
    if (what !== undefined) reads.push({ node, what })
  }
  return reads
}

/** `CONFIG.limits.since` of `CONFIG`. */
function widest({ tree }: Pick<FileContext, 'tree'>, node: Node): Node {
  const outer = outermost(tree, node)
  const parent = tree.parents.get(outer)
  return parent?.type === 'MemberExpression' && parent.object === outer ? widest({ tree }, parent) : node
}
