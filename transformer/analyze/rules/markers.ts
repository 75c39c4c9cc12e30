/**
 * CATGA121, CATGA126, CATGA127, CATGA131: what the package exports for the compiler is used where the compiler gives it a meaning.
 * Works on the whole file, because a use outside any process is the mistake.
 */
import type { CallExpression, Node } from '../../parse/ast.ts'
import { isClosure, memberName } from '../../parse/ast.ts'
import { type CatgaName, isWaitName, type WaitName } from '../catga-imports.ts'
import { type ClassInfo, lineage, type Member } from '../class-info.ts'
import { allCode } from '../class-code.ts'
import { findDecorators, type FoundDecorator } from '../declared-steps.ts'
import { keyedClosure } from '../durable-function.ts'
import type { FileContext } from '../file-context.ts'
import { callOf, outermost } from '../method-code.ts'
import type { Process } from '../process-code.ts'
import { undoOf } from './compensation.ts'
import { isInParameters } from './outside-process-code.ts'

export function markers(file: FileContext, infos: Iterable<ClassInfo>, processes: readonly Process[]): void {
  const inProcess = new Set(processes.flatMap((process) => lineage(process.info)))
  const placed = new Set<Node>()
  for (const info of infos) {
    const ofClass = findDecorators(file, info.node.decorators, 'CatgaProcess')
    checkDecorators(file, ofClass, placed, '@CatgaProcess')
    for (const member of info.members) {
      const ofMember = findDecorators(file, member.decorators, 'ProcessStep')
      for (const { node } of ofMember) placed.add(node)
      if (ofMember[0] !== undefined && !inProcess.has(info)) {
        file.report('CATGA121', ofMember[0].node, {
          decorator: `@ProcessStep on "${member.name ?? '?'}"`,
          found: `is in class "${info.name ?? 'without a name'}", which is no process`,
          fix: 'Put @CatgaProcess() on the class, in the same file.',
        })
      }
    }
  }
  for (const { node, name } of references(file)) {
    if (name === 'keyed') checkKeyed(file, node, processes)
    else if (isWaitName(name)) checkWait(file, node, name, processes)
    else if (name === 'stepContext') checkStepContext(file, node, processes)
    else if (![...placed].some((decorator) => decorator.start <= node.start && node.end <= decorator.end)) checkLoose(file, node, name)
  }
}

function checkDecorators(file: FileContext, found: readonly FoundDecorator[], placed: Set<Node>, decorator: string): void {
  for (const [index, { node, call }] of found.entries()) {
    placed.add(node)
    if (call === undefined) file.report('CATGA121', node, { decorator, found: 'is not called', fix: `Write "${decorator}()".` })
    else if (index > 0) file.report('CATGA121', node, { decorator, found: 'is there twice', fix: 'Keep one.' })
  }
}

interface Reference {
  /** `keyed`, or `catga.keyed`. */
  readonly node: Node
  readonly name: CatgaName
}

function references(file: FileContext): readonly Reference[] {
  const found: Reference[] = []
  for (const declaration of file.catga.declarations) {
    for (const specifier of declaration.specifiers) {
      for (const identifier of file.tree.declaredBy(specifier.local)?.references ?? []) {
        const parent = file.tree.parents.get(identifier)
        // Passing our exports on is the business of whoever imports them.
        if (parent?.type === 'ExportSpecifier') continue
        const node = parent?.type === 'MemberExpression' && specifier.type === 'ImportNamespaceSpecifier' ? parent : identifier
        const name = file.catga.nameOf(node)
        if (name !== undefined) found.push({ node, name })
        else if (
          specifier.type === 'ImportNamespaceSpecifier' &&
          (parent?.type !== 'MemberExpression' || memberName(parent) === undefined)
        ) {
          file.report('CATGA121', identifier, {
            decorator: `"${identifier.type === 'Identifier' ? identifier.name : 'catga'}"`,
            found: 'is used as a value, so what is taken out of it is not seen',
            fix: 'Import the names that are used: import { CatgaProcess, ProcessStep } from "catga".',
          })
        }
      }
    }
  }
  return found
}

function checkLoose(file: FileContext, node: Node, name: CatgaName): void {
  const place = name === 'CatgaProcess' ? 'a class' : 'a method'
  const isDecorator = file.tree.parents.get(callOf(file.tree, node) ?? node)?.type === 'Decorator'
  file.report('CATGA121', node, {
    decorator: name,
    found: isDecorator ? `does not decorate ${place}` : `is used other than as a decorator on ${place}`,
    fix: `Write "@${name}(…)" directly on ${place}.`,
  })
}

function checkKeyed(file: FileContext, node: Node, processes: readonly Process[]): void {
  const call = callOf(file.tree, node)
  if (call === undefined) return file.report('CATGA126', node, { found: 'is used without being called' })
  const place = placeOf(processes, call)
  if (place === undefined || !isProcessCode(place))
    return file.report('CATGA126', call, { found: `is used in ${describe(place)}, outside process code` })
  const isSpread = call.arguments.some((argument) => argument.type === 'SpreadElement')
  if (isSpread || keyedClosure(call) === undefined)
    file.report('CATGA126', call, { found: 'is called without a function written in place' })
}

function checkWait(file: FileContext, node: Node, name: WaitName, processes: readonly Process[]): void {
  const call = callOf(file.tree, node)
  if (call === undefined) return file.report('CATGA131', node, { name, found: 'without being called' })
  const place = placeOf(processes, call)
  if (place === undefined || !isProcessCode(place)) return file.report('CATGA131', call, { name, found: `in ${describe(place)}` })
  if (isInParameters(call, place.root))
    file.report('CATGA131', call, { name, found: `in a parameter default of "${place.member.name ?? '?'}"` })
}

function isProcessCode({ process, member }: Place): boolean {
  return member.kind === 'method' && process.reached.includes(member) && process.stepOf(member) === undefined
}

function checkStepContext(file: FileContext, node: Node, processes: readonly Process[]): void {
  const call = callOf(file.tree, node)
  const place = placeOf(processes, node)
  if (call === undefined) return file.report('CATGA127', node, { where: `${describe(place)} without being called` })
  if (place !== undefined && isInParameters(call, place.root))
    return file.report('CATGA127', call, { where: `a parameter default of "${place.member.name ?? '?'}"` })
  if (place !== undefined && (place.process.stepOf(place.member) !== undefined || isUndo(place.process, place.member, call))) return
  file.report('CATGA127', call, { where: describe(place) })
}

/** An undo method has a context of its own, taken through `this`. */
function isUndo(process: Process, member: Member, call: CallExpression): boolean {
  if (!process.steps.some((step) => undoOf(process, step) === member)) return false
  for (
    let parent = process.file.tree.parents.get(outermost(process.file.tree, call));
    parent !== undefined && parent !== member.code;
    parent = process.file.tree.parents.get(parent)
  ) {
    if (isClosure(parent) && parent.type !== 'ArrowFunctionExpression') return false
  }
  return true
}

interface Place {
  readonly process: Process
  readonly member: Member
  readonly root: Node
}

function placeOf(processes: readonly Process[], node: Node): Place | undefined {
  for (const process of processes) {
    for (const { member, root } of allCode(process)) if (root.start <= node.start && node.end <= root.end) return { process, member, root }
  }
  return undefined
}

function describe(place: Place | undefined): string {
  if (place === undefined) return 'a function outside any process'
  const name = place.member.name ?? '?'
  if (place.process.stepOf(place.member) !== undefined) return `step "${name}"`
  if (place.member.kind === 'constructor') return 'the constructor'
  return place.process.reached.includes(place.member) ? `process code ("${name}")` : `"${name}"`
}
