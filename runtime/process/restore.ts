import type { JournalEntry } from '../contracts/journal-entry.ts'
import { deliveriesOf, historyOf, Replay, timersOf } from './replay.ts'
import type { Run } from './run.ts'

/** Brings a new run to where its journal leaves it: what is to be shown, what was attempted, what is to be undone. */
export function restore(run: Run, entries: readonly JournalEntry[]): void {
  for (const entry of entries) run.undoLog.observe(entry)
  const deliveries = deliveriesOf(entries)
  const cancel = deliveries.find((entry) => entry.kind === 'cancel-requested')
  // `execute` may settle before the replay comes to the cancel, as it may have done the first time.
  if (cancel !== undefined) run.cancelledBecause(cancel.reason)
  const histories = historyOf(entries)
  if (histories.size > 0) run.bodies.recall(histories)
  run.timers = timersOf(entries)
  // Also when there is nothing to show: waits that are due by now end in the order of their times, not of their calls.
  if (deliveries.length > 0 || run.timers !== undefined) run.delivery.startReplay(new Replay(deliveries))
}
