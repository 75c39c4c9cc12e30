/**
 * Decides everything about a file: what is compiled and how (the model), and what the user is told (diagnostics).
 *
 * parse → names and parents → classes → per process: steps, process code, rules, model
 */
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { FileModel, ProcessModel, Span } from '../model/file-model.ts'
import type { CallExpression, Node, Program } from '../parse/ast.ts'
import { mayHoldProcess } from '../parse/may-hold-process.ts'
import { parse } from '../parse/parse.ts'
import { catgaImports } from './catga-imports.ts'
import { type ClassInfo, classInfos, lineage } from './class-info.ts'
import { findDecorators, type FoundDecorator } from './declared-steps.ts'
import { erasedImports } from './erased-imports.ts'
import { spanOf } from './durable-function.ts'
import { type AnalyzeOptions, type FileContext, Findings } from './file-context.ts'
import { generatedNames } from './generated-names.ts'
import { OutsideFunctions } from './outside-function.ts'
import { OutsideModules } from './outside-modules.ts'
import { type CodeCache, type Process, processCode } from './process-code.ts'
import { processDecorator } from './process-decorator.ts'
import { processModel, undoMethods } from './process-model.ts'
import { basesElsewhere } from './rules/bases-elsewhere.ts'
import { compensation } from './rules/compensation.ts'
import { drawnValues } from './rules/drawn-values.ts'
import { executeMethod } from './rules/execute.ts'
import { floating } from './rules/floating.ts'
import { foreignMarkers } from './rules/foreign-markers.ts'
import { generators } from './rules/generators.ts'
import { heldResource } from './rules/held-resource.ts'
import { inheritedPrivates, sharedCode } from './rules/inheritance.ts'
import { instanceData } from './rules/instance-data.ts'
import { markers } from './rules/markers.ts'
import { nonDeterministic } from './rules/non-deterministic.ts'
import { notDurable } from './rules/not-durable.ts'
import { outsideProcessCode } from './rules/outside-process-code.ts'
import { replacedClass } from './rules/replaced-class.ts'
import { stepCalls } from './rules/step-calls.ts'
import { superCalls } from './rules/super-calls.ts'
import { valueUse } from './rules/value-use.ts'
import { syntaxTree } from './syntax-tree.ts'

export interface Analysis {
  /** Undefined where there is nothing to compile, or where it must not be: see the errors among the diagnostics. */
  readonly model: FileModel | undefined
  readonly diagnostics: readonly Diagnostic[]
  /** Names of the methods that `compensate` options name, where they are declared: they are in use. */
  readonly undoNames: readonly Span[]
}

const NOTHING: Analysis = { model: undefined, diagnostics: [], undoNames: [] }

/** Finds the processes of one file and what is wrong with them. A file without processes costs one textual test. */
export function analyze(source: string, fileName: string, options: AnalyzeOptions = {}): Analysis {
  if (!mayHoldProcess(source)) return NOTHING
  const program = parse(source, fileName)
  return program === undefined ? NOTHING : analyzeProgram(program, source, fileName, options)
}

/** As `analyze`, of a file that was found to be worth parsing, and parsed. */
export function analyzeProgram(program: Program, source: string, fileName: string, options: AnalyzeOptions): Analysis {
  const tree = syntaxTree(program)
  const catga = catgaImports(tree)
  const findings = new Findings(fileName)
  const modules = new OutsideModules(options)
  const file: FileContext = {
    source,
    fileName,
    tree,
    catga,
    options,
    findings,
    modules,
    outside: new OutsideFunctions(modules),
    report: (code, at, details) => findings.add(code, at, details),
  }
  const infos = classInfos(tree)
  foreignMarkers(file, infos.values())
  if (catga.declarations.length === 0) return { ...NOTHING, diagnostics: findings.all }
  const processes = findProcesses(file, infos)
  for (const process of processes) for (const rule of RULES) rule(process)
  markers(file, infos.values(), processes)
  checkNames(file, processes)
  const model = findings.hasErrors || processes.length === 0 ? undefined : fileModel(file, processes)
  // Shared code is compared once its call sites are known.
  const undoNames = processes.flatMap(undoMethods).map(({ nameNode }) => spanOf(nameNode))
  return { model: findings.hasErrors ? undefined : model, diagnostics: findings.all, undoNames }
}

/** In this order: where two rules see the same place, the earlier one says more about it. */
const RULES: readonly ((process: Process) => void)[] = [
  executeMethod,
  compensation,
  valueUse,
  outsideProcessCode,
  basesElsewhere,
  stepCalls,
  superCalls,
  generators,
  notDurable,
  nonDeterministic,
  drawnValues,
  heldResource,
  floating,
  instanceData,
  inheritedPrivates,
  replacedClass,
]

function findProcesses(file: FileContext, infos: ReadonlyMap<unknown, ClassInfo>): readonly Process[] {
  const codes: CodeCache = new Map()
  const processes: Process[] = []
  for (const info of infos.values()) {
    const [decorator] = findDecorators(file, info.node.decorators, 'CatgaProcess')
    if (decorator !== undefined) processes.push(readProcess(file, info, decorator, codes))
  }
  return processes
}

function readProcess(file: FileContext, info: ClassInfo, decorator: FoundDecorator, codes: CodeCache): Process {
  const options = decorator.call === undefined ? {} : processDecorator(file, decorator.call)
  return processCode({ file, info, name: options.name ?? info.name ?? '', options, codes })
}

/** CATGA125: the name is the process's identity in the journal. */
function checkNames(file: FileContext, processes: readonly Process[]): void {
  const taken = new Set<string>()
  for (const { info, name, options } of processes) {
    const at = options.nameAt ?? info.node.id ?? findDecorators(file, info.node.decorators, 'CatgaProcess')[0]?.node ?? info.node
    if (name === '') file.report('CATGA125', at, { found: 'The class has no name, so the process has none' })
    else if (taken.has(name)) file.report('CATGA125', at, { found: `The name "${name}" is that of another process in this file` })
    taken.add(name)
  }
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
  sharedCode(processes.map((process, index) => ({ process, manifest: models[index]!.manifest })))
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
    for (const member of process.reached) {
      const code = process.codeOf(member)
      calls.push(...(code?.keyed ?? []), ...(code?.waits ?? []).map(({ call }) => call))
    }
    for (const step of process.steps) calls.push(...(process.codeOf(step.member)?.contextCalls ?? []))
    for (const undo of undoMethods(process)) calls.push(...(process.codeOf(undo)?.contextCalls ?? []))
    gone.push(...calls.map((call) => call.callee))
  }
  return gone
}
