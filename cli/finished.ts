import type { InstanceStatus } from '../runtime/index.ts'

/** The statuses nothing follows. */
export function isFinished(status: InstanceStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled'
}
