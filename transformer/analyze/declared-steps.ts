import type { CallExpression, Decorator } from '../parse/ast.ts'
import { unwrap } from '../parse/ast.ts'
import { type ClassInfo, findMember, lineage, type Member } from './class-info.ts'
import type { CatgaName } from './catga-imports.ts'
import { type FileContext, textOf } from './file-context.ts'
import { type StepDecorator, stepDecorator } from './step-decorator.ts'

export interface Step {
  readonly member: Member
  /** Method name. */
  readonly method: string
  /** Name in the journal. */
  readonly name: string
  readonly options: StepDecorator
}

/** Our decorator among others, with the call that carries its options. */
export interface FoundDecorator {
  readonly node: Decorator
  readonly call: CallExpression | undefined
}

export function findDecorators(file: FileContext, decorators: readonly Decorator[], name: CatgaName): readonly FoundDecorator[] {
  const found: FoundDecorator[] = []
  for (const node of decorators) {
    const expression = unwrap(node.expression)
    if (expression.type === 'CallExpression' && file.catga.nameOf(expression.callee) === name) found.push({ node, call: expression })
    else if (file.catga.nameOf(expression) === name) found.push({ node, call: undefined })
  }
  return found
}

/**
 * The steps of a process: bases first, in source order, an override in the place of what it overrides. So the indexes
 * of a base class's steps are the same in every process that inherits them.
 */
export function declaredSteps(file: FileContext, info: ClassInfo): readonly Step[] {
  const steps: Step[] = []
  for (const owner of [...lineage(info)].reverse()) {
    for (const member of owner.members) {
      const overridden = steps.findIndex(
        (step) => step.method === member.name && step.member.owner !== owner && !member.name.startsWith('#'),
      )
      const [decorator, second] = findDecorators(file, member.decorators, 'ProcessStep')
      if (decorator === undefined) {
        if (overridden !== -1 && !member.isStatic) steps.splice(overridden, 1)
        continue
      }
      if (second !== undefined)
        file.report('CATGA121', second.node, {
          decorator: `@ProcessStep on "${member.name ?? '?'}"`,
          found: 'is there twice',
          fix: 'Keep one.',
        })
      const step = readStep(file, member, decorator)
      if (step === undefined) continue
      if (overridden !== -1) steps[overridden] = step
      else steps.push(step)
    }
  }
  checkNames(file, steps)
  return steps.filter((step) => step.member === findMember(info, step.method) || step.method.startsWith('#'))
}

function readStep(file: FileContext, member: Member, decorator: FoundDecorator): Step | undefined {
  const method = member.name
  const unusable = unusableAs(member)
  if (unusable !== undefined || method === undefined) {
    file.report('CATGA103', member.nameNode, {
      member: method ?? textOf(file, member.nameNode),
      found: unusable ?? 'a method whose name is computed',
    })
    file.findings.cover(member.node)
    if (method === undefined || member.isStatic) return undefined
  } else if (member.code?.async !== true) {
    file.report('CATGA101', member.nameNode, { step: method })
  } else if (method.startsWith('#') && file.options.decorators === 'legacy') {
    file.report('CATGA118', member.nameNode, { method, why: 'which cannot be decorated under "experimentalDecorators"' })
  }
  if (decorator.call === undefined) {
    file.report('CATGA121', decorator.node, {
      decorator: `@ProcessStep on "${method}"`,
      found: 'is not called',
      fix: 'Write "@ProcessStep()".',
    })
    return { member, method, name: method, options: {} }
  }
  const options = stepDecorator(file, decorator.call)
  return { member, method, name: options.name ?? method, options }
}

function unusableAs(member: Member): string | undefined {
  if (member.kind === 'getter' || member.kind === 'setter') return `a ${member.kind}`
  if (member.kind === 'field' || member.kind === 'accessor') return member.code === undefined ? 'a field' : 'a field that holds a function'
  if (member.kind === 'constructor') return 'the constructor'
  if (member.isStatic) return 'a static method'
  if (member.isAbstract) return 'an abstract method'
  if (member.code?.generator === true) return 'a generator'
  if (member.name === 'execute') return 'the process itself'
  return undefined
}

function checkNames(file: FileContext, steps: readonly Step[]): void {
  const taken = new Map<string, Step>()
  for (const step of steps) {
    const other = taken.get(step.name)
    if (other === undefined) {
      taken.set(step.name, step)
      continue
    }
    file.report('CATGA104', step.options.nameAt ?? step.member.nameNode, {
      name: step.name,
      method: step.method,
      other: `step "${other.method}"`,
    })
  }
}
