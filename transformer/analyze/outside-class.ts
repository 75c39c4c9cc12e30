/** Base classes of a process in other modules of the project: read, never compiled with it. */
import { positionAt } from '../diagnostics/code-frame.ts'
import type { Class, Node } from '../parse/ast.ts'
import { memberName, unwrap } from '../parse/ast.ts'
import { type CatgaImports, catgaImports } from './catga-imports.ts'
import { type ClassInfo, classInfos, findMember, lineage, type Member } from './class-info.ts'
import type { FileContext } from './file-context.ts'
import { type MethodCode, methodCode } from './method-code.ts'
import type { ModuleSource, OutsideDeclaration } from './outside-modules.ts'

export interface OutsideClass {
  readonly module: ModuleSource
  readonly catga: CatgaImports
  readonly info: ClassInfo
}

/** A member of a base class in another module. */
export interface OutsideMember {
  readonly member: Member
  readonly of: OutsideClass
}

const known = new WeakMap<ClassInfo, readonly OutsideClass[]>()

/** The bases of a class that are in other modules, nearest first, as far as their source is at hand. */
export function basesElsewhere(file: FileContext, info: ClassInfo): readonly OutsideClass[] {
  const before = known.get(info)
  if (before !== undefined) return before
  const bases: OutsideClass[] = []
  let from: ModuleSource = file
  let last = lineage(info).at(-1)
  while (last?.base === 'elsewhere' && bases.length < 20) {
    const found = classNamed(file, from, last.node.superClass)
    if (found === undefined) break
    const catga = catgaImports(found.module.tree)
    const levels = lineage(found.info)
    bases.push(...levels.map((level) => ({ module: found.module, catga, info: level })))
    from = found.module
    last = levels.at(-1)
  }
  known.set(info, bases)
  return bases
}

/** The instance member of that name that a base in another module gives a class which has none itself. */
export function memberElsewhere(file: FileContext, info: ClassInfo, name: string): OutsideMember | undefined {
  if (name.startsWith('#')) return undefined
  for (const of of basesElsewhere(file, info)) {
    const found = of.info.members.filter((member) => member.name === name && !member.isStatic && !member.isAbstract)
    const member = found.find(({ kind }) => kind !== 'setter') ?? found[0]
    if (member !== undefined) return { member, of }
  }
  return undefined
}

export function isStepElsewhere({ member, of }: OutsideMember): boolean {
  return member.decorators.some(({ expression }) => {
    const decorator = unwrap(expression)
    return of.catga.nameOf(decorator.type === 'CallExpression' ? decorator.callee : decorator) === 'ProcessStep'
  })
}

export function codeElsewhere({ member, of }: OutsideMember): MethodCode<Node> | undefined {
  const root = member.code ?? (member.kind === 'field' ? member.node : undefined)
  return root === undefined ? undefined : methodCode(of.module.tree, of.catga, root)
}

/** `"Base" (base.ts:12)` */
export function placeElsewhere({ of }: OutsideMember, node: Node): string {
  const file = of.module.fileName.replaceAll('\\', '/').split('/').at(-1) ?? ''
  return `"${of.info.name ?? 'a class'}" (${file}:${positionAt(of.module.source, node.start).line})`
}

function classNamed(file: FileContext, from: ModuleSource, base: Node | null): { module: ModuleSource; info: ClassInfo } | undefined {
  if (base === null) return undefined
  const name = unwrap(base)
  let found: OutsideDeclaration | undefined
  if (name.type === 'Identifier') found = file.modules.find(from, name.name)
  else if (name.type === 'MemberExpression' && name.object.type === 'Identifier')
    found = file.modules.findMember(from, name.object.name, memberName(name) ?? '')
  const node = found && classOf(found.node)
  const info = found === undefined || node === undefined ? undefined : classInfos(found.module.tree).get(node)
  return found === undefined || info === undefined ? undefined : { module: found.module, info }
}

function classOf(node: Node): Class | undefined {
  if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') return node
  return node.type === 'VariableDeclarator' && node.init ? classOf(unwrap(node.init)) : undefined
}

export interface NameUsed {
  readonly node: Node
  readonly inside: Member | undefined
  readonly outside: OutsideMember | undefined
}

/** What `this.name` and `super.name` in code of a base mean on an instance of the process: its own members come first. */
export function namesUsed(file: FileContext, info: ClassInfo, { member, of }: OutsideMember): readonly NameUsed[] {
  const used: NameUsed[] = []
  const code = codeElsewhere({ member, of })
  for (const { node, name, ofInstance } of code?.thisMembers ?? []) {
    if (name === undefined || !ofInstance) continue
    if (name.startsWith('#')) {
      const own = of.info.members.find((candidate) => candidate.name === name)
      if (own !== undefined) used.push({ node, inside: undefined, outside: { member: own, of } })
      continue
    }
    const inside = findMember(info, name)
    const isMine = inside !== undefined && !inside.isAbstract
    used.push({ node, inside: isMine ? inside : undefined, outside: isMine ? undefined : memberElsewhere(file, info, name) })
  }
  for (const { node, name } of code?.superMembers ?? []) {
    const [, ...bases] = lineage(of.info)
    const found = bases.flatMap(({ members }) => members).find((candidate) => candidate.name === name && candidate !== member)
    const owner = found?.owner
    if (found !== undefined && owner !== undefined)
      used.push({ node: unwrap(node), inside: undefined, outside: { member: found, of: { ...of, info: owner } } })
  }
  return used
}

/** Members of the class that code of a base calls or reads, itself or through others of its kind. */
export function membersUsedElsewhere(file: FileContext, info: ClassInfo, start: OutsideMember): ReadonlySet<Member> {
  const used = new Set<Member>()
  const outside = new Map([[start.member, start]])
  for (const found of outside.values()) {
    for (const name of namesUsed(file, info, found)) {
      if (name.inside !== undefined) used.add(name.inside)
      if (name.outside !== undefined) outside.set(name.outside.member, name.outside)
    }
  }
  return used
}
