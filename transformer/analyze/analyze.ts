/**
 * Decides everything about a file: what is compiled and how (the model), and what the user is told (diagnostics).
 *
 * parse → names and parents → classes → per process: steps, process code, rules, model
 */
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { FileModel, ProcessModel } from '../model/file-model.ts'
import type { CallExpression, Node } from '../parse/ast.ts'
import { mayHoldProcess, parse } from '../parse/parse.ts'
import { catgaImports } from './catga-imports.ts'
import { type ClassInfo, classInfos, lineage } from './class-info.ts'
import { findDecorators, type FoundDecorator } from './declared-steps.ts'
import { erasedImports } from './erased-imports.ts'
import { type AnalyzeOptions, type FileContext, Findings } from './file-context.ts'
import { generatedNames } from './generated-names.ts'
import { type CodeCache, type Process, processCode } from './process-code.ts'
import { processDecorator } from './process-decorator.ts'
import { processModel } from './process-model.ts'
import { syntaxTree } from './syntax-tree.ts'

export interface Analysis {
  /** Undefined where there is nothing to compile, or where it must not be: see the errors among the diagnostics. */
  readonly model: FileModel | undefined
  readonly diagnostics: readonly Diagnostic[]
}

const NOTHING: Analysis = { model: undefined, diagnostics: [] }

export function analyze(source: string, fileName: string, options: AnalyzeOptions = {}): Analysis {
  if (!mayHoldProcess(source)) return NOTHING
  const program = parse(source, fileName)
  if (program === undefined) return NOTHING
  const tree = syntaxTree(program)
  const catga = catgaImports(tree)
  if (catga.declarations.length === 0) return NOTHING
  const findings = new Findings(fileName)
  const file: FileContext = { source, fileName, tree, catga, options, findings, report: (code, at, details) => findings.add(code, at, details) }
  const processes = findProcesses(file)
  const model = findings.hasErrors || processes.length === 0 ? undefined : fileModel(file, processes)
  return { model, diagnostics: findings.all }
}

function findProcesses(file: FileContext): readonly Process[] {
  const codes: CodeCache = new Map()
  const processes: Process[] = []
  for (const info of classInfos(file.tree).values()) {
    const [decorator] = findDecorators(file, info.node.decorators, 'CatgaProcess')
    if (decorator !== undefined) processes.push(readProcess(file, info, decorator, codes))
  }
  return processes
}

function readProcess(file: FileContext, info: ClassInfo, decorator: FoundDecorator, codes: CodeCache): Process {
  const options = decorator.call === undefined ? {} : processDecorator(file, decorator.call)
  return processCode({ file, info, name: options.name ?? info.name ?? '', options, codes })
}

function fileModel(file: FileContext, processes: readonly Process[]): FileModel {
  const { names, manifest } = generatedNames(file.source)
  const emitted = new Set<ClassInfo>()
  const models: ProcessModel[] = []
  for (const [index, process] of processes.entries()) {
    const mine = new Set(lineage(process.info).filter((owner) => !emitted.has(owner)))
    for (const owner of mine) emitted.add(owner)
    const manifestName = index === 0 ? manifest : `${manifest}${index}`
    models.push(processModel({ process, manifestName, scope: names.scope, emits: (owner) => mine.has(owner) }))
  }
  return {
    fileName: file.fileName,
    names,
    imports: erasedImports(file.tree, file.catga, compiledAway(file, processes)),
    processes: models,
  }
}

/** Expressions naming our exports that emitted code no longer holds. */
function compiledAway(file: FileContext, processes: readonly Process[]): readonly Node[] {
  const gone: Node[] = []
  for (const process of processes) {
    for (const owner of lineage(process.info)) {
      gone.push(...findDecorators(file, owner.node.decorators, 'CatgaProcess').map(({ node }) => node))
      for (const member of owner.members) gone.push(...findDecorators(file, member.decorators, 'ProcessStep').map(({ node }) => node))
    }
    const calls: CallExpression[] = []
    for (const member of process.reached) calls.push(...(process.codeOf(member)?.keyed ?? []))
    for (const step of process.steps) calls.push(...(process.codeOf(step.member)?.contextCalls ?? []))
    gone.push(...calls.map((call) => call.callee))
  }
  return gone
}
