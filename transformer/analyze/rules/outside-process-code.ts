import type { Node } from '../../parse/ast.ts'
import { isClosure } from '../../parse/ast.ts'
import type { Member } from '../class-info.ts'
import { allCode, takesToken } from '../class-code.ts'
import { textOf } from '../file-context.ts'
import type { Process } from '../process-code.ts'

const PLACES: Readonly<Partial<Record<Member['kind'], string>>> = {
  constructor: 'the constructor',
  getter: 'a getter',
  setter: 'a setter',
  field: 'a field',
  accessor: 'a field',
}

/** CATGA120: a durable call where there is no journal position: constructor, getter, field, parameter default, function with its own `this`. */
export function outsideProcessCode(process: Process): void {
  for (const code of allCode(process)) {
    // Nobody calls it by a name the compiler sees, so it has no place in the journal.
    const isComputed = code.member.kind === 'method' && code.member.name === undefined
    const place = isComputed ? 'a method whose name is computed' : PLACES[code.member.kind]
    for (const used of code.thisMembers) {
      if (used.call === undefined || used.name === undefined) continue
      const target = process.find(used.name, code.owner)
      if (target === undefined || !takesToken(process, target)) continue
      const call = `"this.${used.name}(…)"`
      if (!used.ofInstance) {
        if (hasOwnThisFunction(process, used.node, code.root))
          process.file.report('CATGA120', used.call, { call, where: 'a function with its own "this"' })
        continue
      }
      if (place !== undefined) {
        const where = code.member.kind === 'constructor' || code.member.name === undefined ? place : `${place}, "${code.member.name}"`
        process.file.report('CATGA120', used.call, { call, where })
      } else if (isInParameters(used.node, code.root)) {
        process.file.report('CATGA120', used.call, { call, where: `a parameter default of "${code.member.name ?? '?'}"` })
      }
    }
  }
  for (const member of process.reached) checkDerived(process, member)
}

/** Time and randomness need a scope too: methods have one, other members and parameter defaults do not. */
function checkDerived(process: Process, member: Member): void {
  const code = process.codeOf(member)
  if (code === undefined) return
  for (const { node, use } of code.derived) {
    // Logging there is heard on every replay, and no more than that.
    if (use.method === 'log') continue
    const what = textOf(process.file, node)
    if (member.kind !== 'method') {
      process.file.report('CATGA113', node, {
        what: `${what} in ${PLACES[member.kind] ?? 'a member'}, "${member.name ?? '?'}"`,
        fix: `Make "${member.name ?? '?'}" a method, where the compiler gives ${what} a value that stays the same.`,
      })
    } else if (process.execute !== member && !process.helpers.includes(member)) {
      process.file.report('CATGA113', node, {
        what: `${what} in "${member.name ?? textOf(process.file, member.nameNode)}", which the language itself calls when "this" is looped over, printed or handed on`,
        fix: `Put it into a method that process code calls by its name, "this.${member.name ?? 'name'}(…)".`,
      })
    } else if (isInParameters(node, code.root)) {
      process.file.report('CATGA113', node, {
        what: `${what} in a parameter default`,
        fix: 'Move it into the body, where the compiler gives it a value that stays the same.',
      })
    }
  }
}

/** Whether the nearest `this` owner is a plain function, rather than a method of another class or object with its own members. */
function hasOwnThisFunction(process: Process, node: Node, root: Node): boolean {
  const { parents } = process.file.tree
  for (let parent = parents.get(node); parent !== undefined && parent !== root; parent = parents.get(parent)) {
    if (parent.type === 'ClassBody') return false
    if (!isClosure(parent) || parent.type === 'ArrowFunctionExpression') continue
    const holder = parents.get(parent)
    return !(holder?.type === 'Property' && holder.value === parent)
  }
  return false
}

/** Whether a node is in the parameters of the method itself; those of closures in it belong to the code around them. */
export function isInParameters(node: Node, root: Node): boolean {
  if (!isClosure(root)) return false
  return root.params.some((parameter) => parameter.start <= node.start && node.end <= parameter.end)
}
