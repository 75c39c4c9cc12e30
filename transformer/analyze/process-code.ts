import type { CallExpression, Closure, Node } from '../parse/ast.ts'
import type { WaitName } from './catga-imports.ts'
import { type ClassInfo, findMember, lineage, type Member } from './class-info.ts'
import { declaredSteps, type Step } from './declared-steps.ts'
import type { FileContext } from './file-context.ts'
import { isInstanceThis, type MethodCode, methodCode, outermost, type ThisMember } from './method-code.ts'
import { memberElsewhere, membersUsedElsewhere } from './outside-class.ts'
import type { ProcessDecorator } from './process-decorator.ts'
import type { SyntaxTree } from './syntax-tree.ts'

/** A class with @CatgaProcess, as the rules see it. */
export interface Process {
  readonly file: FileContext
  readonly info: ClassInfo
  readonly name: string
  readonly options: ProcessDecorator
  readonly execute: Member | undefined
  /** In the order of the manifest. */
  readonly steps: readonly Step[]
  /** Members whose code is process code: execute, then what it reaches on `this`, in source order. Steps are not among them. */
  readonly reached: readonly Member[]
  /** Methods of `reached` that get a scope of their own: they make durable calls or use time or randomness. */
  readonly helpers: readonly Member[]
  codeOf(member: Member): MethodCode | undefined
  /** The member `this.name` means in code of `owner`. */
  find(name: string, owner: ClassInfo): Member | undefined
  stepOf(member: Member): Step | undefined
  /** Whether a method of process code makes durable calls, itself or through helpers. */
  isDurable(member: Member): boolean
}

export type CodeCache = Map<Closure, MethodCode>

export interface ProcessStart {
  readonly file: FileContext
  readonly info: ClassInfo
  readonly name: string
  readonly options: ProcessDecorator
  readonly codes: CodeCache
}

export function processCode({ file, info, name, options, codes }: ProcessStart): Process {
  const codeOf = (member: Member): MethodCode | undefined => {
    if (member.code === undefined) return undefined
    const known = codes.get(member.code)
    if (known !== undefined) return known
    const code = methodCode(file.tree, file.catga, member.code)
    codes.set(member.code, code)
    return code
  }
  // A #private name belongs to the class whose text uses it.
  const find = (wanted: string, owner: ClassInfo): Member | undefined =>
    wanted.startsWith('#') ? owner.members.find((member) => member.name === wanted && !member.isStatic) : findMember(info, wanted)
  const steps = declaredSteps(file, info)
  const byMember = new Map(steps.map((step) => [step.member, step]))
  const stepOf = (member: Member): Step | undefined => byMember.get(member)
  const execute = findMember(info, 'execute')
  const usedElsewhere = (wanted: string): Iterable<Member> => {
    const found = memberElsewhere(file, info, wanted)
    return found === undefined ? [] : membersUsedElsewhere(file, info, found)
  }
  const context = { codeOf, find, stepOf, usedElsewhere }
  const implicit = new Set<Member>()
  const reached =
    execute === undefined
      ? []
      : reach(context, execute, {
          implicit,
          members: implicitMembers(info),
          usesInstance: (code) => usesInstance(file.tree, code),
          isAssigned: (node) => isAssigned(file.tree, node),
        })
  const { durable, scoped } = classify(context, reached, calledElsewhere(info, context, reached))
  const helpers = reached.filter((member) => member !== execute && member.kind === 'method' && scoped.has(member) && !implicit.has(member))
  for (const helper of helpers) {
    const step = steps.find((candidate) => candidate.name === helper.name)
    if (step !== undefined)
      file.report('CATGA104', step.options.nameAt ?? step.member.nameNode, {
        name: step.name,
        method: step.method,
        other: `helper "${helper.name ?? '?'}"`,
      })
  }
  return { file, info, name, options, execute, steps, reached, helpers, codeOf, find, stepOf, isDurable: (member) => durable.has(member) }
}

type Lookup = Pick<Process, 'codeOf' | 'find' | 'stepOf'> & {
  /** Members of the class that a member of a base in another module uses. */
  usedElsewhere(name: string): Iterable<Member>
}

interface Implicit {
  /** Is filled with those that are reached. */
  readonly implicit: Set<Member>
  readonly members: readonly Member[]
  readonly usesInstance: (code: MethodCode) => boolean
  readonly isAssigned: (node: Node) => boolean
}

/** What the language calls by itself on an object that is looped over, printed or serialized. */
function implicitMembers(info: ClassInfo): readonly Member[] {
  return lineage(info)
    .flatMap(({ members }) => members)
    .filter(
      ({ name, kind, isStatic }) => !isStatic && (kind === 'method' || kind === 'getter') && (name === undefined || IMPLICIT.has(name)),
    )
}

const IMPLICIT: ReadonlySet<string> = new Set(['toString', 'toJSON', 'valueOf'])

/** Whether `this` itself is looped over, printed or handed on, rather than one of its members used or another name given to it. */
function usesInstance(tree: SyntaxTree, code: MethodCode): boolean {
  return code.of('ThisExpression').some((node) => {
    const outer = outermost(tree, node)
    const parent = tree.parents.get(outer)
    if (parent?.type === 'MemberExpression') return parent.object !== outer
    return parent?.type !== 'VariableDeclarator' && isInstanceThis(tree, node, code.root)
  })
}

function reach(context: Lookup, execute: Member, { implicit, members, usesInstance, isAssigned }: Implicit): readonly Member[] {
  const reached = new Set([execute])
  const addElsewhere = (name: string): void => {
    for (const target of context.usedElsewhere(name)) {
      if (target.code !== undefined && context.stepOf(target) === undefined) reached.add(target)
    }
  }
  for (const member of reached) {
    const code = context.codeOf(member)
    if (code !== undefined && usesInstance(code)) {
      for (const target of members) {
        if (target.code === undefined || context.stepOf(target) !== undefined) continue
        implicit.add(target)
        reached.add(target)
      }
    }
    for (const used of context.codeOf(member)?.thisMembers ?? []) {
      const target = used.ofInstance && used.name !== undefined ? context.find(used.name, member.owner) : undefined
      if (target !== undefined && target.code !== undefined && context.stepOf(target) === undefined) reached.add(target)
      if (target === undefined && used.ofInstance && used.name !== undefined) addElsewhere(used.name)
      if (target?.kind === 'getter' && isAssigned(used.node)) {
        const setter = target.owner.members.find(({ name, kind, isStatic }) => kind === 'setter' && name === target.name && !isStatic)
        if (setter !== undefined) reached.add(setter)
      }
    }
    for (const { name } of context.codeOf(member)?.superMembers ?? []) {
      const target = name === undefined ? undefined : inherited(member.owner, name)
      // A base's step called through super is an error of its own, told at the call.
      if (target?.code !== undefined && target.decorators.length === 0) reached.add(target)
      if (target === undefined && name !== undefined) addElsewhere(name)
    }
  }
  reached.delete(execute)
  return [execute, ...[...reached].sort((a, b) => depth(b) - depth(a) || a.node.start - b.node.start)]
}

/** A pair of getter and setter has one name; which of them runs is up to the use. */
function isAssigned(tree: SyntaxTree, node: Node): boolean {
  const outer = outermost(tree, node)
  const parent = tree.parents.get(outer)
  return (parent?.type === 'AssignmentExpression' && parent.left === outer) || parent?.type === 'UpdateExpression'
}

/** The member `super.name` means in code of a class, where the base is in this file. */
export function inherited(owner: ClassInfo, name: string): Member | undefined {
  return typeof owner.base === 'object' ? findMember(owner.base, name) : undefined
}

/** Bases first, so that a base's helpers have the same indexes in every process that inherits them. */
function depth(member: Member): number {
  return typeof member.owner.base === 'object' ? -1 - baseDepth(member.owner.base) : 0
}

function baseDepth(info: ClassInfo): number {
  return typeof info.base === 'object' ? 1 + baseDepth(info.base) : 0
}

/** Members that code other than process code and steps uses, such as undo methods. That code has no scope to pass on. */
function calledElsewhere(info: ClassInfo, context: Lookup, reached: readonly Member[]): ReadonlySet<Member> {
  const used = new Set<Member>()
  for (const owner of lineage(info)) {
    for (const member of owner.members) {
      const isCompiled = reached.includes(member) || context.stepOf(member) !== undefined
      for (const { name, call, ofInstance } of context.codeOf(member)?.thisMembers ?? []) {
        const target = name === undefined || (isCompiled && call !== undefined && ofInstance) ? undefined : context.find(name, owner)
        if (target !== undefined) used.add(target)
      }
    }
  }
  return used
}

function classify(
  context: Lookup,
  reached: readonly Member[],
  elsewhere: ReadonlySet<Member>,
): { durable: ReadonlySet<Member>; scoped: ReadonlySet<Member> } {
  const durable = new Set<Member>()
  const scoped = new Set<Member>()
  for (let grew = true; grew;) {
    const before = durable.size + scoped.size
    for (const member of reached) {
      const code = context.codeOf(member)
      if (code === undefined) continue
      const targets = code.thisMembers
        .filter((used) => used.ofInstance && used.call !== undefined)
        .map((used) => targetOf(context, used, member))
      if (
        code.keyed.length > 0 ||
        code.waits.length > 0 ||
        targets.some((target) => target !== undefined && (context.stepOf(target) !== undefined || durable.has(target)))
      )
        durable.add(member)
      if (
        durable.has(member) ||
        code.derived.some(({ use }) => use.method !== 'log' || !elsewhere.has(member)) ||
        targets.some((target) => target !== undefined && scoped.has(target))
      )
        scoped.add(member)
    }
    grew = durable.size + scoped.size > before
  }
  return { durable, scoped }
}

function targetOf(context: Lookup, used: ThisMember, from: Member): Member | undefined {
  return used.name === undefined ? undefined : context.find(used.name, from.owner)
}

/** A call in process code that has a place in the journal. */
export type CallSite = MethodSite | WaitingSite

/** A wait. */
export interface WaitingSite {
  readonly call: CallExpression
  readonly kind: 'sleep' | 'wait'
  readonly name: WaitName
  readonly durable: true
}

/** A call of a step or of a helper with a scope. */
export interface MethodSite {
  readonly call: CallExpression
  readonly target: Member
  readonly kind: 'step' | 'helper'
  /** Whether it reaches a step, so that it takes time and has a promise. */
  readonly durable: boolean
}

/** Each rule asks for the same sites; a process does not change. */
const known = new WeakMap<Process, Map<Member, readonly CallSite[]>>()

export function callSites(process: Process, member: Member): readonly CallSite[] {
  const ofProcess = known.get(process) ?? new Map<Member, readonly CallSite[]>()
  known.set(process, ofProcess)
  const before = ofProcess.get(member)
  if (before !== undefined) return before
  const sites = findSites(process, member)
  ofProcess.set(member, sites)
  return sites
}

function findSites(process: Process, member: Member): readonly CallSite[] {
  const sites: CallSite[] = []
  for (const used of process.codeOf(member)?.thisMembers ?? []) {
    if (!used.ofInstance || used.call === undefined || used.name === undefined) continue
    const target = process.find(used.name, member.owner)
    if (target === undefined) continue
    if (process.stepOf(target) !== undefined) sites.push({ call: used.call, target, kind: 'step', durable: true })
    else if (process.helpers.includes(target)) sites.push({ call: used.call, target, kind: 'helper', durable: process.isDurable(target) })
  }
  const waits = process.codeOf(member)?.waits ?? []
  if (waits.length === 0) return sites
  for (const { call, name } of waits) sites.push({ call, kind: name === 'sleep' ? 'sleep' : 'wait', name, durable: true })
  return sites.sort((a, b) => a.call.callee.start - b.call.callee.start)
}
