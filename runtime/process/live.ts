/** Ties a process instance to the run that drives it, without a WeakMap look-up on each call. */
import type { Run } from './run.ts'

const RUN = Symbol.for('catga.run.1')

type Attached = { [RUN]?: Run }

export function runOf(instance: object): Run | undefined {
  return (instance as Attached)[RUN]
}

/** Makes a fresh instance live: from here on its compiled methods answer to `run` only. */
export function attach(instance: object, run: Run): void {
  ;(instance as Attached)[RUN] = run
}
