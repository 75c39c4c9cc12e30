import type { CallExpression, Closure, Node } from '../../parse/ast.ts'
import { isClosure, memberName, unwrap } from '../../parse/ast.ts'
import type { Member } from '../class-info.ts'
import { branchClosures } from '../durable-function.ts'
import { isDataField, isService, type Obstacle, obstacle, type Surroundings } from '../durability.ts'
import { textOf } from '../file-context.ts'
import { awaitedParameters, type FunctionSource } from '../outside-function.ts'
import { callOf, type MethodCode } from '../method-code.ts'
import { callSites, type Process } from '../process-code.ts'
import { memberElsewhere } from '../outside-class.ts'
import { answersPromise, serviceAnswersPromise, serviceMethod } from '../promised-service.ts'

const CHAINING: ReadonlySet<string> = new Set(['then', 'catch', 'finally'])

/** CATGA112, CATGA122, CATGA123: process code waits for what no journal holds. */
export function notDurable(process: Process): void {
  for (const member of process.reached) {
    const code = process.codeOf(member)
    if (code !== undefined) checkCode(process, member, code)
  }
}

function checkCode(process: Process, member: Member, code: MethodCode): void {
  const around = surroundings(process, member, code)
  const check = (expression: Node): void => {
    const found = obstacle(around, expression)
    if (found !== undefined) tell(process, found)
  }
  for (const { argument } of code.of('AwaitExpression')) check(argument)
  for (const loop of code.of('ForOfStatement')) if (loop.await) check(loop.right)
  for (const call of code.of('CallExpression')) if (isPromiseUse(call)) check(call)
  for (const node of code.of('ImportExpression')) process.file.report('CATGA112', node, { what: `"${textOf(process.file, node)}"` })
  for (const call of code.of('CallExpression')) {
    if (isPromisedByService(process, member, call) && !call.arguments.some((argument) => around.isDurableArgument(argument)))
      process.file.report('CATGA112', call, { what: `"${textOf(process.file, call)}"` })
  }
  for (const declaration of code.of('VariableDeclaration')) {
    if (declaration.kind === 'await using')
      process.file.report('CATGA112', declaration, {
        what: `the disposal of "${textOf(process.file, declaration.declarations[0]?.id ?? declaration)}"`,
      })
  }
  // Functions outside the class are looked at whether awaited or not: time and randomness need no await.
  for (const node of code.of('Identifier')) {
    const source = process.file.outside.find(process.file, node)
    if (source === undefined) continue
    tellOutside(process, node, source)
    const call = callOf(process.file.tree, node)
    if (call === undefined) continue
    for (const index of awaitedParameters(source)) {
      const argument = call.arguments[index]
      if (argument !== undefined && holdsService(around, argument))
        process.file.report('CATGA112', call, { what: `"${textOf(process.file, argument)}" through "${textOf(process.file, node)}"` })
    }
  }
}

/** A call that nothing need await for the file to say what it answers. */
function isPromisedByService(process: Process, member: Member, call: CallExpression): boolean {
  const called = serviceMethod(call.callee)
  const field = called && process.find(called.service, member.owner)
  if (called === undefined) return serviceAnswersPromise(process.file, call.callee)
  return field?.kind === 'field' && answersPromise(process.file, field, called.method)
}

/** A service, or a list or object written with one in it. */
function holdsService(around: Surroundings, argument: Node): boolean {
  const inner = unwrap(argument)
  if (inner.type === 'ObjectExpression')
    return inner.properties.some((property) => property.type === 'Property' && holdsService(around, property.value))
  if (inner.type === 'ArrayExpression')
    return inner.elements.some((element) => element !== null && element.type !== 'SpreadElement' && holdsService(around, element))
  return isService(around, inner)
}

/** Evidence of a promise without `await`: a chain on it, or a combinator around it. */
function isPromiseUse(call: CallExpression): boolean {
  const callee = unwrap(call.callee)
  if (callee.type !== 'MemberExpression') return false
  if (CHAINING.has(memberName(callee) ?? '')) return true
  return callee.object.type === 'Identifier' && callee.object.name === 'Promise'
}

function tell(process: Process, found: Obstacle): void {
  const { file } = process
  if (found.kind === 'service') {
    file.report('CATGA112', found.node, { what: `"${textOf(file, found.node)}"` })
    return
  }
  const call = unwrap(found.node)
  if (call.type !== 'CallExpression') return
  const callee = unwrap(call.callee)
  const source = file.outside.find(file, callee)
  if (source === undefined) {
    const from = importedFrom(process, callee)
    if (from === undefined) file.report('CATGA112', found.node, { what: `"${textOf(file, found.node)}"` })
    else file.report('CATGA123', found.node, { name: textOf(file, callee), what: 'is not at hand to look at', where: from })
    return
  }
  tellOutside(process, callee, source)
}

function importedFrom(process: Process, callee: Node): string | undefined {
  const binding = process.file.tree.resolve(callee)
  const declaration = binding?.kind === 'import' ? process.file.tree.parents.get(binding.declaration) : undefined
  return declaration?.type === 'ImportDeclaration' ? declaration.source.value : undefined
}

function tellOutside(process: Process, at: Node, source: FunctionSource): void {
  const verdict = process.file.outside.judge(source)
  const name = textOf(process.file, at)
  if (verdict?.kind === 'not durable') process.file.report('CATGA122', at, { name, what: verdict.what, where: verdict.where })
  else if (verdict !== undefined) process.file.report('CATGA123', at, { name, what: verdict.what, where: verdict.where })
}

function surroundings(process: Process, member: Member, code: MethodCode): Surroundings {
  const { tree } = process.file
  const sites = callSites(process, member)
  const branches = branchClosures(tree, code.root, sites, code.keyed)
  const durableCalls: readonly Node[] = [...sites.filter((site) => site.durable).map((site) => site.call), ...code.keyed]
  const localDurable = (node: Node): boolean => {
    const inner = unwrap(node)
    if (isClosure(inner)) return branches.has(inner)
    const binding = inner.type === 'Identifier' ? tree.resolve(inner) : undefined
    const declared = binding === undefined ? undefined : closureOf(binding.declaration)
    return declared !== undefined && branches.has(declared)
  }
  return {
    tree,
    thisMember: (node, use) => thisMember(process, member, node, use),
    isDurableArgument: (argument) =>
      localDurable(argument) ||
      durableCalls.some((call) => argument.start <= call.start && call.end <= argument.end) ||
      refersToDurable(process, code, argument, localDurable),
    isLocal: (binding) => code.root.start <= binding.node.start && binding.node.end <= code.root.end,
  }
}

/** A list of closures or promises kept in a variable, as pools take them. */
function refersToDurable(process: Process, code: MethodCode, argument: Node, isDurable: (node: Node) => boolean): boolean {
  const { tree } = process.file
  const inner = unwrap(argument)
  const binding = inner.type === 'Identifier' ? tree.resolve(inner) : undefined
  if (binding === undefined) return false
  // A local list may have been filled anywhere; that is not evidence of waiting for something else.
  return (
    code.root.start <= binding.node.start &&
    binding.node.end <= code.root.end &&
    binding.kind !== 'param' &&
    !isDataOnly(binding.declaration, isDurable)
  )
}

function isDataOnly(declaration: Node, isDurable: (node: Node) => boolean): boolean {
  if (declaration.type !== 'VariableDeclarator' || !declaration.init) return false
  const init = unwrap(declaration.init)
  if (init.type === 'AwaitExpression') return true
  if (init.type === 'CallExpression') return !init.arguments.some(isDurable)
  return init.type !== 'ArrayExpression'
}

function closureOf(declaration: Node): Closure | undefined {
  if (isClosure(declaration)) return declaration
  if (declaration.type !== 'VariableDeclarator' || !declaration.init) return undefined
  const init = unwrap(declaration.init)
  return isClosure(init) ? init : undefined
}

function thisMember(process: Process, from: Member, node: Node, use: 'read' | 'call'): 'replayed' | 'service' {
  const inner = unwrap(node)
  const name = inner.type === 'MemberExpression' ? memberName(inner) : undefined
  // A computed name called is told by another rule; read, it may be any data.
  if (name === undefined) return 'replayed'
  const target = process.find(name, from.owner)
  if (target === undefined) return isFieldOrUnknown(process, name) ? 'service' : 'replayed'
  if (target.kind === 'method') return 'replayed'
  if (target.kind === 'getter') return isGettersService(process, target) ? 'service' : 'replayed'
  if (target.code !== undefined) return 'replayed'
  if (use === 'call') return 'service'
  return isOwnData(process, target) ? 'replayed' : 'service'
}

/** Methods of a base class in another module are looked at by a rule of their own. */
function isFieldOrUnknown(process: Process, name: string): boolean {
  const member = memberElsewhere(process.file, process.info, name)?.member
  return member === undefined || (member.code === undefined && !isDataField(member))
}

/** Whether a getter hands out a service of the instance, or what one of its methods answers. */
function isGettersService(process: Process, getter: Member): boolean {
  const answers = process.codeOf(getter)?.of('ReturnStatement') ?? []
  return answers.some(({ argument }) => {
    let root: Node | undefined = argument === null ? undefined : unwrap(argument)
    while (root?.type === 'CallExpression' || (root?.type === 'MemberExpression' && unwrap(root.object).type !== 'ThisExpression'))
      root = unwrap(root.type === 'CallExpression' ? root.callee : root.object)
    const name = root?.type === 'MemberExpression' ? memberName(root) : undefined
    const member = name === undefined ? undefined : process.find(name, getter.owner)
    // A getter that answers itself would never end; the others are looked through once.
    return member?.kind === 'field' && member.code === undefined && !isOwnData(process, member)
  })
}

/** A field the class fills itself with data, or that process code assigns. */
function isOwnData(process: Process, field: Member): boolean {
  if (isDataField(field)) return true
  return process.reached.some((member) =>
    process
      .codeOf(member)
      ?.of('AssignmentExpression')
      .some((assignment) => {
        const left = unwrap(assignment.left)
        return left.type === 'MemberExpression' && unwrap(left.object).type === 'ThisExpression' && memberName(left) === field.name
      }),
  )
}
