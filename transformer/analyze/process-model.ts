import { basename } from 'node:path/posix'
import type { ProcessModel } from '../model/file-model.ts'
import { ABI, type ProcessManifest, type StepManifest } from '../model/manifest.ts'
import { type ClassInfo, lineage, type Member } from './class-info.ts'
import { findDecorators, type Step } from './declared-steps.ts'
import { type BuiltFunction, durableFunction, spanOf } from './durable-function.ts'
import { interleaving } from './interleaving.ts'
import type { Process } from './process-code.ts'
import { shapeHash } from './shape.ts'
import { definedClass } from './static-self.ts'
import { stepMethod } from './step-method.ts'

export interface ModelRequest {
  readonly process: Process
  readonly manifestName: string
  /** Prefix of scope variables. */
  readonly scope: string
  /** Which classes' code this process emits: its own, and inherited code no earlier process emits. */
  readonly emits: (owner: ClassInfo) => boolean
}

export function processModel({ process, manifestName, scope, emits }: ModelRequest): ProcessModel {
  const { file, info, execute, steps, helpers } = process
  const built: { readonly member: Member; readonly built: BuiltFunction }[] = []
  const add = (member: Member, kind: 'execute' | 'helper', index: number): void => {
    const fn = durableFunction({ process, member, kind, index, scope })
    if (fn !== undefined) built.push({ member, built: fn })
  }
  if (execute !== undefined) add(execute, 'execute', 0)
  for (const [index, helper] of helpers.entries()) add(helper, 'helper', index + 1)
  const functions = built.map((item) => item.built.manifest)
  const manifest: ProcessManifest = {
    abi: ABI,
    // The host stamps its version and options: see `planFile`.
    compiler: '',
    process: process.name,
    className: info.name ?? process.name,
    file: basename(file.fileName.replaceAll('\\', '/')),
    steps: steps.map(stepManifest),
    functions,
    ...(process.options.retry === undefined ? {} : { retry: process.options.retry }),
    ...(process.options.onBug === undefined ? {} : { onBug: process.options.onBug }),
    interleaving: interleaving(process),
    shape: shapeHash(process.name, functions),
  }
  return {
    manifest,
    manifestName,
    erasedDecorators: lineage(info)
      .filter(emits)
      .flatMap((owner) => ourDecorators(process, owner)),
    classBody: definedClass(file, info),
    baseBodies: lineage(info)
      .filter((owner) => owner !== info && emits(owner))
      .map((owner) => definedClass(file, owner)),
    className: info.node.id ? spanOf(info.node.id) : undefined,
    idFunction: process.options.idFunction,
    privates: privateNames(steps),
    undoContextCalls: undoMethods(process)
      .filter(({ owner }) => emits(owner))
      .flatMap((member) => process.codeOf(member)?.contextCalls ?? [])
      .map((call) => spanOf(call.callee)),
    functions: built.filter(({ member }) => emits(member.owner)).map((item) => item.built.model),
    steps: steps.flatMap((step, index) => {
      const method = emits(step.member.owner) ? stepMethod(process, step, index) : undefined
      return method === undefined ? [] : [method]
    }),
  }
}

function stepManifest({ method, name, options }: Step): StepManifest {
  const { retry, timeoutMs, compensate, compensateWhen } = options
  return {
    method,
    name,
    ...(retry === undefined ? {} : { retry }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(compensate === undefined ? {} : { compensate: compensate.target }),
    ...(compensateWhen === undefined ? {} : { compensateWhen }),
  }
}

/** Methods that undo steps and are no steps themselves. */
export function undoMethods(process: Process): readonly Member[] {
  const members = new Set<Member>()
  for (const { member, options } of process.steps) {
    const target = options.compensate === undefined ? undefined : process.find(options.compensate.target, member.owner)
    if (target !== undefined && process.stepOf(target) === undefined) members.add(target)
  }
  return [...members]
}

function ourDecorators({ file }: Process, owner: ClassInfo): ProcessModel['erasedDecorators'] {
  const ofClass = findDecorators(file, owner.node.decorators, 'CatgaProcess')
  const ofMembers = owner.members.flatMap((member) => findDecorators(file, member.decorators, 'ProcessStep'))
  return [...ofClass, ...ofMembers].map((decorator) => spanOf(decorator.node))
}

function privateNames(steps: readonly Step[]): readonly string[] {
  const names = new Set<string>()
  for (const { method, options } of steps) {
    for (const name of [method, options.compensate?.target]) if (name?.startsWith('#')) names.add(name.slice(1))
  }
  return [...names]
}
