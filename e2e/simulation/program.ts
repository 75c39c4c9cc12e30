/**
 * The programs that simulated processes interpret, as data: what `execute` does, and how each step's body behaves.
 */

/** Steps of `SimulatedProcess`. */
export type StepName = 'plain' | 'quick' | 'reserve' | 'charge' | 'slow'

export type Program =
  | { readonly kind: 'step'; readonly step: StepName; readonly tag: number }
  /** Three calls of one step in one function. */
  | { readonly kind: 'thrice'; readonly tag: number }
  | { readonly kind: 'sequence'; readonly items: readonly Program[] }
  | { readonly kind: 'branch'; readonly even: Program; readonly odd: Program }
  /** Ends early when the value says so. */
  | { readonly kind: 'loop'; readonly times: number; readonly body: Program }
  | { readonly kind: 'all' | 'settled' | 'race' | 'any' | 'keyed'; readonly items: readonly Program[] }
  | { readonly kind: 'pool'; readonly width: number; readonly items: readonly Program[] }
  | { readonly kind: 'attempt'; readonly body: Program; readonly recover?: Program; readonly last?: Program }
  /** A step that is awaited only after something else was done. */
  | { readonly kind: 'early'; readonly tag: number; readonly meanwhile: Program }
  | { readonly kind: 'clock' | 'dice' }
  | { readonly kind: 'sleep'; readonly ms: number; readonly until: 'duration' | 'date' }
  /** Waits for the next signal of a channel, which no other place in the program waits for. */
  | { readonly kind: 'wait'; readonly channel: number }
  | { readonly kind: 'try wait'; readonly channel: number; readonly timeoutMs: number }
  /** Process code fails by itself. */
  | { readonly kind: 'raise'; readonly message: string }

/** How the bodies of the steps with one tag behave. Attempts are counted from 1, so a crash changes nothing of it. */
export interface Behaviour {
  readonly tag: number
  /** Virtual milliseconds until a body ends; 0 ends at once, without a promise. */
  readonly durationMs: number
  /** The first so many attempts fail. */
  readonly failures: number
  /** The attempt after those fails for good. */
  readonly fatal: boolean
  /** Whether the effect takes place when a body begins or when it ends. */
  readonly effect: 'begin' | 'end'
  readonly onAbort: 'ends' | 'goes on'
  /** The first so many attempts to undo it fail. */
  readonly undoFailures: number
  /** Undoing it fails until an operator mends it. */
  readonly undoBroken: boolean
}

/** What a simulated process is started with. */
export interface Job {
  readonly id: string
  readonly root: Program
  readonly start: number
}

/** Arguments of a step's call. `uid` is unique within the instance and says which call of process code it is. */
export interface Call {
  readonly uid: string
  readonly tag: number
  readonly mix: number
}

/** Result of a step: says which call it is of. */
export interface Answer {
  readonly uid: string
  readonly value: number
}

/** Attempts of each step, as `SimulatedProcess` declares them. */
export const ATTEMPTS: Readonly<Record<StepName, number>> = { plain: 3, quick: 1, reserve: 2, charge: 2, slow: 2 }

/** `timeoutMs` of step `slow`. */
export const SLOW_TIMEOUT_MS = 60

/** Undo method of each step that has one, and when it is undone. */
export const UNDOS: Readonly<Partial<Record<string, 'completed' | 'attempted'>>> = {
  reserve: 'completed',
  charge: 'attempted',
  slow: 'completed',
}

/** Channels a program may have. */
export const CHANNELS = 64

/** Name of the signal of a channel. Its payloads are 0, 1, 2 … in the order sent. */
export function channelName(channel: number): string {
  return `channel ${channel}`
}

/** What a signal of a channel is worth, whichever it is: places that wait at once may get them in either order. */
export function signalValue(channel: number): number {
  return digest(channelName(channel))
}

/** A value made of two others, the same everywhere. */
export function mix(a: number, b: number): number {
  return (Math.imul(a, 31) + b) >>> 0
}

/** A value made of a text. */
export function digest(text: string): number {
  let hash = 7
  for (let i = 0; i < text.length; i++) hash = mix(hash, text.charCodeAt(i))
  return hash
}

/** What a body that succeeds answers. */
export function answer({ uid, tag, mix: input }: Call): Answer {
  return { uid, value: mix(mix(input, tag), digest(uid)) }
}
