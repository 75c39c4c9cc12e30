/** What of the platform gives another answer each time, and has no derived form. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ['setTimeout', 'Wait inside a step.'],
  ['setInterval', 'Repeat inside a step, or loop over steps.'],
  ['setImmediate', 'Remove it; process code needs no turn of the event loop.'],
  ['fetch', 'Call it in a step.'],
  ['Date', 'Write "new Date().toString()".'],
  ['process.nextTick', 'Remove it; process code needs no turn of the event loop.'],
  ['process.hrtime', 'Use "performance.now()".'],
  ['process.hrtime.bigint', 'Use "performance.now()".'],
  ['process.uptime', 'Measure it in a step.'],
  ['process.cwd', 'Read it in a step.'],
  ['process.cpuUsage', 'Measure it in a step.'],
  ['process.memoryUsage', 'Measure it in a step.'],
  ['performance.timeOrigin', 'Use "Date.now()".'],
  ['crypto.randomBytes', 'Use "crypto.getRandomValues(new Uint8Array(n))".'],
  ['crypto.randomInt', 'Use "Math.random()".'],
  ['crypto.randomFillSync', 'Use "crypto.getRandomValues(array)".'],
  ['crypto.generateKeyPairSync', 'Make keys in a step.'],
  ['crypto.generateKeySync', 'Make keys in a step.'],
  ['Atomics.wait', 'Wait inside a step.'],
  ['Atomics.waitAsync', 'Wait inside a step.'],
  ['WeakRef', 'Hold the value itself; what the garbage collector does is not replayed.'],
  ['FinalizationRegistry', 'Clean up in a step; what the garbage collector does is not replayed.'],
  ['Worker', 'Start workers in a step.'],
  ['SharedWorker', 'Start workers in a step.'],
  ['BroadcastChannel', 'Use it in a step.'],
  ['WebSocket', 'Use it in a step.'],
  ['XMLHttpRequest', 'Use it in a step.'],
  ['EventSource', 'Use it in a step.'],
])

/** Modules of Node that only compute. */
const PURE_MODULES: ReadonlySet<string> = new Set([
  'node:path',
  'node:path/posix',
  'node:path/win32',
  'node:url',
  'node:util',
  'node:util/types',
  'node:assert',
  'node:assert/strict',
  'node:buffer',
  'node:querystring',
  'node:string_decoder',
  'node:punycode',
  'node:events',
  'node:constants',
  'node:zlib',
  'node:async_hooks',
  'node:stream',
  'node:test',
])

/** Packages whose whole purpose is a new value each time. */
const RANDOM_PACKAGES: ReadonlySet<string> = new Set([
  'uuid',
  'nanoid',
  'nanoid/non-secure',
  'ulid',
  'cuid',
  '@paralleldrive/cuid2',
  'short-uuid',
  'shortid',
  'ksuid',
  'uuidv7',
])

/** The fix for calling a platform function in process code, if it must not be called there. */
export function nondeterministic(path: string): string | undefined {
  const named = NAMED.get(path)
  if (named !== undefined) return named
  if (!path.startsWith('node:')) return undefined
  const module = path.split('.')[0] ?? path
  return PURE_MODULES.has(module) ? undefined : 'Call it in a step.'
}

export function isRandomPackage(specifier: string): boolean {
  return RANDOM_PACKAGES.has(specifier)
}
