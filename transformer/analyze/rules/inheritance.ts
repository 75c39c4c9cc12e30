import type { Process } from '../process-code.ts'
import type { FunctionManifest, ProcessManifest } from '../../model/manifest.ts'
import { undoOf } from './compensation.ts'

/** CATGA118: a base class's `#private` step or undo cannot be called from the process class. */
export function inheritedPrivates(process: Process): void {
  const { file, info } = process
  for (const step of process.steps) {
    if (step.method.startsWith('#') && step.member.owner !== info) {
      file.report('CATGA118', step.member.nameNode, {
        method: step.method,
        why: `which process "${process.name}" inherits and cannot call`,
      })
    }
    const undo = undoOf(process, step)
    if (undo?.name?.startsWith('#') && undo.owner !== info && step.options.compensate !== undefined) {
      file.report('CATGA118', step.options.compensate.at, {
        method: undo.name,
        why: `which process "${process.name}" inherits and cannot call`,
      })
    }
  }
}

export interface Compiled {
  readonly process: Process
  readonly manifest: ProcessManifest
}

/** CATGA130: code that several processes of the file inherit is compiled once, so its calls must be the same in all of them. */
export function sharedCode(compiled: readonly Compiled[]): void {
  for (const [index, later] of compiled.entries()) {
    for (const earlier of compiled.slice(0, index)) compare(earlier, later)
  }
}

function compare(earlier: Compiled, later: Compiled): void {
  const at = later.process.info.node.id ?? later.process.info.node
  const differ = (what: string): void =>
    later.process.file.report('CATGA130', at, {
      name: later.process.name,
      why: `inherits ${what} that process "${earlier.process.name}" has too, with other durable calls in it`,
    })
  for (const [index, step] of earlier.process.steps.entries()) {
    const same = later.process.steps.findIndex((candidate) => candidate.member === step.member)
    if (same !== -1 && same !== index) return differ(`step "${step.method}"`)
  }
  const functionsOf = ({ process }: Compiled): readonly unknown[] => [process.execute, ...process.helpers]
  const others = functionsOf(later)
  for (const [index, member] of functionsOf(earlier).entries()) {
    const same = others.indexOf(member)
    const mine = earlier.manifest.functions[index]
    const theirs = same === -1 ? undefined : later.manifest.functions[same]
    if (member === undefined || mine === undefined || theirs === undefined) continue
    if (same !== index || calls(mine) !== calls(theirs)) return differ(`"${mine.name}"`)
  }
}

function calls(fn: FunctionManifest): string {
  return JSON.stringify([fn.sites.map(({ kind, method, site }) => [kind, method, site]), fn.branches.map(calls)])
}
