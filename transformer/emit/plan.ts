/** Turns a file model into the operations that compile the file. Every decision about emitted code is made here. */
import type {
  DerivedUse,
  DurableFunction,
  ErasedImport,
  FileModel,
  GeneratedNames,
  ProcessModel,
  Span,
  StepMethod,
} from '../model/file-model.ts'
import type { ProcessManifest } from '../model/manifest.ts'
import type { GeneratedArgument, GeneratedCall, Operation } from './operation.ts'

/** A compile error as the emitted module throws it. */
export interface ReportedError {
  readonly code: string
  readonly message: string
  readonly file: string
  readonly line: number
  readonly column: number
}

export interface EmitPlan {
  /** Name of the one namespace import of `catga/emitted`. */
  readonly runtime: string
  /** Module-level constants after the imports. */
  readonly manifests: readonly { readonly name: string; readonly manifest: ProcessManifest }[]
  /** With any, the first statement of the module throws them. */
  readonly errors: readonly ReportedError[]
  readonly operations: readonly Operation[]
}

export function planFile(model: FileModel, compiler: string): EmitPlan {
  return {
    runtime: model.names.runtime,
    manifests: model.processes.map(({ manifestName, manifest }) => ({ name: manifestName, manifest: { ...manifest, compiler } })),
    errors: [],
    operations: [...model.imports.flatMap(eraseImport), ...model.processes.flatMap((process) => planProcess(process, model.names))],
  }
}

/** A file with errors keeps its code, so that importers link, but throws before any of it runs. */
export function planErrors(runtime: string, errors: readonly ReportedError[]): EmitPlan {
  return { runtime, manifests: [], errors, operations: [] }
}

function eraseImport({ declaration, specifiers, whole }: ErasedImport): Operation[] {
  if (whole) return [{ kind: 'erase', node: 'import', span: declaration }]
  return specifiers.map((span) => ({ kind: 'erase', node: 'import specifier', span }))
}

function planProcess(process: ProcessModel, names: GeneratedNames): Operation[] {
  const manifest: GeneratedArgument = { kind: 'name', name: process.manifestName }
  const self: GeneratedArgument = { kind: 'this' }
  const enter = (method: string, ...rest: readonly GeneratedArgument[]): GeneratedCall => ({
    object: names.runtime,
    method,
    arguments: [self, manifest, ...rest],
  })
  return [
    ...process.erasedDecorators.map((span): Operation => ({ kind: 'erase', node: 'decorator', span })),
    ...process.functions.flatMap((fn) => {
      const open = fn.kind === 'execute' ? enter('execute') : enter('helper', { kind: 'literal', value: fn.index })
      return planFunction(fn, open)
    }),
    ...process.steps.flatMap((step) => planStep(step, names, enter('step', { kind: 'literal', value: step.index }))),
    ...process.undoContextCalls.map((span) => contextCall(span, { object: names.runtime, method: 'undoContext', arguments: [self] })),
    {
      kind: 'append static block',
      span: process.classBody,
      define: enter('define'),
      self: process.classBody.self,
      idFunction: process.idFunction,
      privates: process.privates,
    },
    // The engine refuses inherited steps of a class it has not been told of.
    ...process.baseBodies.map((span): Operation => ({
      kind: 'append static block',
      span,
      define: enter('define'),
      self: span.self,
      idFunction: undefined,
      privates: [],
    })),
  ]
}

function planFunction(fn: DurableFunction, open: GeneratedCall): Operation[] {
  const scope = fn.scope
  return [
    // `execute` is the run itself: the engine closes its scope, so it needs no `finally`.
    { kind: 'open scope', span: fn.body, form: fn.bodyKind, name: scope, open, closes: fn.kind !== 'execute' },
    ...fn.calls.map(({ call, site }): Operation => ({
      kind: 'pass token',
      span: call,
      through: { object: scope, method: 'call', arguments: [{ kind: 'literal', value: site }] },
    })),
    ...fn.waits.map(({ callee, method, site }): Operation => ({
      kind: 'replace callee',
      at: 'callee',
      span: callee,
      by: { object: scope, method, arguments: [{ kind: 'literal', value: site }] },
    })),
    ...fn.derived.map((use) => planDerived(use, scope)),
    ...fn.keyed.map(({ callee }): Operation => ({
      kind: 'replace callee',
      at: 'callee',
      span: callee,
      by: { object: scope, method: 'keyed', arguments: [] },
    })),
    ...fn.branches.flatMap((branch) =>
      planFunction(branch, { object: scope, method: 'branch', arguments: [{ kind: 'literal', value: branch.index }] }),
    ),
  ]
}

function planDerived({ expression, method, leading }: DerivedUse, scope: string): Operation {
  return {
    kind: 'replace callee',
    at: 'call',
    span: expression,
    by: { object: scope, method, arguments: leading === undefined ? [] : [{ kind: 'literal', value: leading }] },
  }
}

function contextCall(span: Span, by: GeneratedCall): Operation {
  return { kind: 'replace callee', at: 'callee', span, by }
}

function planStep(step: StepMethod, names: GeneratedNames, enter: GeneratedCall): Operation[] {
  const { call: frame, value, label, error, runtime } = names
  return [
    { kind: 'journal body', span: step.body, enter, frame, value, label, error, returns: step.returns.length > 0 },
    ...step.returns.map(({ statement }): Operation => ({ kind: 'leave body', span: statement, value, label })),
    ...step.contextCalls.map((span) => {
      return contextCall(span, { object: runtime, method: 'stepContext', arguments: [{ kind: 'name', name: frame }] })
    }),
    ...step.helperCalls.map(({ call }): Operation => ({
      kind: 'pass token',
      span: call,
      through: { object: frame, method: 'call', arguments: [] },
    })),
  ]
}
