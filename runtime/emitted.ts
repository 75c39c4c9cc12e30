/**
 * The only module compiled code calls: the function half of the ABI (see docs/emitted-code.md). Not for hand-written code.
 */
import { LostCallError } from './contracts/errors.ts'
import { runOf } from './process/live.ts'
import type { ProcessManifest } from './process/manifest.ts'
import { PLAIN_STEP, plainScope } from './process/plain.ts'
import { plainContext, type StepContext, type StepControl } from './process/step-context.ts'
import type { ScopeFrame, StepFrame } from './process/token.ts'
import { takeToken } from './process/token.ts'

export { compileErrors } from './process/compile-errors.ts'
export { define } from './process/definition.ts'

/** First statement of a compiled step. */
export function step(self: object, manifest: ProcessManifest, index: number): StepFrame {
  const token = takeToken()
  const stepManifest = manifest.steps[index]!
  if (token !== undefined) return token.enterStep(self, stepManifest, manifest)
  if (runOf(self) === undefined) return PLAIN_STEP
  throw lost(self, manifest, stepManifest.method)
}

/** First statement of `execute`. */
export function execute(self: object, manifest: ProcessManifest): ScopeFrame {
  return helper(self, manifest, 0)
}

/** First statement of a durable helper method. */
export function helper(self: object, manifest: ProcessManifest, index: number): ScopeFrame {
  const token = takeToken()
  if (token !== undefined) return token.enterFunction(self, manifest, index)
  if (runOf(self) === undefined) return plainScope(self)
  throw lost(self, manifest, manifest.functions[index]!.name)
}

/** `stepContext()` in a step's body. */
export function stepContext(frame: StepFrame): StepContext {
  return frame.control ?? plainContext()
}

/** `stepContext()` in an undo method. */
export function undoContext(self: object): StepContext {
  return undoControl(self) ?? plainContext()
}

function undoControl(self: object): StepControl | undefined {
  return runOf(self)?.undoContext
}

function lost(self: object, manifest: ProcessManifest, method: string): LostCallError {
  return runOf(self)?.lostCall(method) ?? new LostCallError(manifest.className, method)
}
