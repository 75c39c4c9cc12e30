/**
 * What happened to one order, put together from its journal before and after the restart and from the outside world.
 */
import { undoOf } from './orders-plan.mjs'

/**
 * @param {object} sources
 * @param {(typeof import('./orders-plan.mjs').plan)[number]} sources.planned
 * @param {readonly any[]} sources.before journal entries when the worker was killed
 * @param {readonly any[]} sources.after journal entries in the end
 * @param {readonly any[]} sources.world all lines of the outside world
 * @param {number} sources.killedPid
 * @param {string} sources.outcome
 */
export function orderStory({ planned, before, after, world, killedPid, outcome }) {
  // Process code runs again only where it had not settled; undoing goes by the journal alone.
  const settled = before.some(({ kind }) => kind === 'completed' || kind === 'failed' || kind === 'compensation-started')
  const own = world.filter(({ orderId }) => orderId === planned.orderId)
  const ranBefore = before.flatMap((entry) => wordsFor(entry))
  return {
    orderId: planned.orderId,
    about: planned.about,
    outcome,
    beforeKill: ranBefore,
    cutOff: own.filter((line) => line.pid === killedPid && line.what === 'asked' && !isJournaled(line, before)).map(({ effect }) => effect),
    replayed: settled ? [] : before.filter(({ kind }) => kind === 'step-completed' || kind === 'step-failed').map(({ site }) => site),
    afterRestart: after.slice(before.length).flatMap((entry) => wordsFor(entry)),
    problems: problemsOf({ planned, before, after, own, killedPid, outcome }),
  }
}

/** Journal entries that say a step or an undo ran to its end. */
function wordsFor(entry) {
  if (entry.kind === 'step-completed') return [entry.site]
  if (entry.kind === 'step-failed') return [`${entry.site} (failed)`]
  if (entry.kind === 'step-compensated') return [`undo of ${entry.site}`]
  return []
}

/** Whether the journal has the end of the call that made this request. */
function isJournaled({ effect }, entries) {
  const undone = undoOf[effect]
  return entries.some(({ kind, site }) =>
    undone === undefined ? kind === 'step-completed' && site === effect : kind === 'step-compensated' && site === undone,
  )
}

/** Every way in which an order could have gone wrong, in words; none is how it should be. */
function problemsOf({ planned, before, after, own, killedPid, outcome }) {
  const done = own.filter(({ what }) => what === 'done').map(({ effect }) => effect)
  const undone = done.filter((effect) => effect in undoOf).map((effect) => undoOf[effect])
  const completed = after.filter(({ kind }) => kind === 'step-completed').map(({ site }) => site)
  const again = own.filter((line) => line.what === 'asked' && line.pid !== killedPid && isJournaled(line, before))
  return [
    ...planned.effects.filter((effect) => !done.includes(effect)).map((effect) => `lost: ${effect}`),
    ...done.filter((effect, index) => done.indexOf(effect) !== index).map((effect) => `doubled: ${effect}`),
    ...done.filter((effect) => !planned.effects.includes(effect)).map((effect) => `unexpected: ${effect}`),
    ...again.map(({ effect }) => `ran again although journaled: ${effect}`),
    ...(outcome === planned.outcome ? [] : [`ended as ${outcome}, not as ${planned.outcome}`]),
    ...(undone.length === 0 || undone.join() === completed.toReversed().join() ? [] : [`undone in another order: ${undone.join(', ')}`]),
  ]
}
