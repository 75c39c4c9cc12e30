import type { CallExpression, Node } from '../../parse/ast.ts'
import { isClosure, keyName, unwrap } from '../../parse/ast.ts'
import type { Member } from '../class-info.ts'
import { isDerivedPath } from '../derived.ts'
import { textOf } from '../file-context.ts'
import { globalPath, importSource } from '../global-path.ts'
import { formatsAsMachine, formatsNow } from '../machine-format.ts'
import { callOf, type MethodCode, outermost } from '../method-code.ts'
import { isRandomPackage, nondeterministic } from '../platform.ts'
import type { Process } from '../process-code.ts'

/** CATGA113, CATGA124, CATGA129: process code uses what answers differently on replay. */
export function nonDeterministic(process: Process): void {
  for (const member of process.reached) {
    const code = process.codeOf(member)
    if (code !== undefined) checkCode(process, member, code)
  }
}

function checkCode(process: Process, _member: Member, code: MethodCode): void {
  for (const call of code.of('CallExpression')) checkFormat(process, call)
  for (const call of code.of('CallExpression')) checkCall(process, call, call.callee)
  for (const call of code.of('NewExpression')) checkCall(process, call, call.callee)
  for (const node of code.of('MemberExpression')) checkValue(process, node)
  for (const node of code.of('Identifier')) {
    // Another name for it that the code itself gave was told where it gave it.
    const binding = process.file.tree.resolve(node)
    if (binding === undefined || binding.node.start < code.root.start || binding.node.end > code.root.end) checkValue(process, node)
  }
  for (const node of code.of('MetaProperty')) if (node.meta.name === 'import') checkEnvironment(process, node)
  for (const declarator of code.of('VariableDeclarator')) checkDestructuring(process, declarator)
  for (const { left } of code.of('AssignmentExpression')) checkModuleVariable(process, left)
  for (const { argument } of code.of('UpdateExpression')) checkModuleVariable(process, argument)
}

function checkFormat({ file }: Process, call: CallExpression): void {
  const what = `"${textOf(file, call)}"`
  if (formatsNow(file.tree, call)) file.report('CATGA113', call, { what, fix: 'Give it the date: "….format(new Date())".' })
  else if (formatsAsMachine(file.tree, call)) file.report('CATGA129', call, { what: `the machine's language and time zone in ${what}` })
}

function checkCall(process: Process, call: Node, callee: Node): void {
  const { file } = process
  const path = globalPath(file.tree, callee)
  if (path === undefined) return checkPackage(process, call, callee)
  if (path === 'eval') return file.report('CATGA124', call, { what: '"eval"' })
  if (path === 'Function') return file.report('CATGA124', call, { what: '"new Function"' })
  // `new Date(…)` has a derived form or depends on its arguments alone.
  if (path === 'Date' && call.type === 'NewExpression') return
  const fix = nondeterministic(path)
  if (fix !== undefined) file.report('CATGA113', call, { what: `"${textOf(file, callee)}"`, fix })
}

/** Variables of the module are shared by all instances, and start anew in every worker. */
function checkModuleVariable(process: Process, target: Node): void {
  const { file } = process
  const binding = target.type === 'Identifier' ? file.tree.resolve(target) : undefined
  if (binding === undefined || binding.scope.kind !== 'module') return
  file.report('CATGA113', target, {
    what: `"${binding.name}", a variable of the module that it changes`,
    fix: 'Keep the value in a variable of the method.',
  })
}

function checkPackage(process: Process, call: Node, callee: Node): void {
  const { file } = process
  let root = unwrap(callee)
  while (root.type === 'MemberExpression') root = unwrap(root.object)
  const binding = root.type === 'Identifier' ? file.tree.resolve(root) : undefined
  const source = binding === undefined ? undefined : importSource(file.tree, binding)
  if (source === undefined || !isRandomPackage(source)) return
  file.report('CATGA113', call, {
    what: `"${textOf(file, callee)}" of "${source}"`,
    fix: 'Use "crypto.randomUUID()", which gives the same value on replay, or call it in a step.',
  })
}

/** Time and randomness have a derived form only where they are called. */
function checkValue(process: Process, node: Node): void {
  const { file } = process
  const path = globalPath(file.tree, node)
  if (path === undefined) return
  if (path === 'process.env') return checkEnvironment(process, node)
  if (path === 'eval') return file.report('CATGA124', node, { what: '"eval"' })
  if (path === 'performance.timeOrigin')
    return file.report('CATGA113', node, { what: `"${textOf(file, node)}"`, fix: nondeterministic(path) ?? '' })
  if (!isDerivedPath(path) || callOf(file.tree, node) !== undefined) return
  const outer = outermost(file.tree, node)
  const parent = file.tree.parents.get(outer)
  if (parent?.type === 'UnaryExpression' && parent.operator === 'typeof') return
  if (parent?.type === 'MemberExpression' && parent.object === outer && path === 'Temporal.Now') return
  const text = textOf(file, node)
  file.report('CATGA113', node, { what: `"${text}" without calling it`, fix: `Call it where the value is needed: "() => ${text}()".` })
}

function checkEnvironment(process: Process, node: Node): void {
  const { file } = process
  const parent = file.tree.parents.get(node)
  file.report('CATGA129', node, { what: `"${textOf(file, parent?.type === 'MemberExpression' ? parent : node)}"` })
}

function checkDestructuring(process: Process, declarator: Node & { readonly type: 'VariableDeclarator' }): void {
  const { file } = process
  if (declarator.id.type !== 'ObjectPattern' || !declarator.init || isClosure(declarator.init)) return
  const path = globalPath(file.tree, declarator.init)
  if (path === undefined) return
  for (const property of declarator.id.properties) {
    const name = property.type === 'Property' ? keyName(property.key, property.computed) : undefined
    if (name === undefined || (!isDerivedPath(`${path}.${name}`) && nondeterministic(`${path}.${name}`) === undefined)) continue
    file.report('CATGA113', property, {
      what: `"${path}.${name}" without calling it`,
      fix: `Call "${path}.${name}()" where the value is needed.`,
    })
  }
}
