import type { Clock } from '../contracts/clock.ts'
import type { Codec } from '../contracts/codec.ts'
import type { ErrorRecorder } from './error-record.ts'
import type { IdleRuns } from './idle-runs.ts'

/** What runs of one app share. */
export interface RunServices {
  readonly codec: Codec
  readonly clock: Clock
  readonly errors: ErrorRecorder
  /** For jitter. */
  readonly random: () => number
  readonly maxEntries: number
  /** How long an aborted body may take to end after its timeout, in milliseconds. */
  readonly settleGraceMs: number
  /** Those that only wait, and when they are parked. */
  readonly idleRuns: IdleRuns
}
