import type { InstanceStatus } from '../runtime/index.ts'
import type { Paint } from './paint.ts'

/** Red needs a person, yellow is on its way to an end nobody wished for, green is done. */
export function paintStatus(paint: Paint, status: InstanceStatus, text: string = status): string {
  switch (status) {
    case 'stuck':
    case 'failed':
      return paint.red(text)
    case 'compensating':
    case 'cancelled':
      return paint.yellow(text)
    case 'completed':
      return paint.green(text)
    case 'running':
      return paint.cyan(text)
    case 'parked':
      return paint.dim(text)
  }
}
