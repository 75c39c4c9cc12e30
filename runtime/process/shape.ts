/**
 * Whether code of one compiled shape can go on with a journal that another wrote.
 *
 * Invariants
 * 1. Only what the journal mentions is compared: call sites it never reached may change freely.
 * 2. A step called once in a function, before and now, matches whatever its arguments are. Where a step has several calls, or a
 *    function several closures, all of them must be the same, in the same order, or a result could reach the wrong call.
 */
import type { CallId, JournalEntry } from '../contracts/journal-entry.ts'
import { escapeName } from './call-path.ts'
import type { ProcessDefinition } from './definition.ts'
import type { FunctionManifest, SiteManifest } from './manifest.ts'

interface SiteShape {
  readonly kind: SiteManifest['kind']
  readonly site: string
  readonly fingerprint: string
}

interface FunctionShape {
  readonly name: string
  readonly sites: readonly SiteShape[]
  readonly branches: readonly FunctionShape[]
}

/** What is kept of a compiled shape in the store, under its hash. */
export function describeShape(definition: ProcessDefinition): string {
  return JSON.stringify(definition.functions().map((fn) => functionShape(fn)))
}

/** @returns one line per difference that matters to this journal; none when the code can go on. */
export function diffShape(recorded: string, definition: ProcessDefinition, entries: readonly JournalEntry[]): readonly string[] {
  const before = JSON.parse(recorded) as readonly FunctionShape[]
  const now = definition.functions().map((fn) => functionShape(fn))
  const lines = new Set<string>()
  for (const entry of entries) {
    if (!('site' in entry)) continue
    for (const line of diffCall(before, now, entry)) lines.add(line)
  }
  return [...lines]
}

/** Tells the calls that some of the recorded shapes did not have: newer code inserted them. */
export function insertedSince(recorded: readonly string[]): (call: CallId) => boolean {
  const shapes = recorded.map((shape) => JSON.parse(shape) as readonly FunctionShape[])
  return (call) => shapes.some((functions) => !hasSite(functions, call))
}

function hasSite(functions: readonly FunctionShape[], call: CallId): boolean {
  let fn = functions.find(({ name }) => name === 'execute')
  for (const segment of call.scope === '' ? [] : call.scope.split('/')) fn &&= enter(functions, fn, segment.replace(/@\d+$/, ''))
  return fn?.sites.some(({ site }) => site === call.site) === true
}

function functionShape({ name, sites, branches }: FunctionManifest): FunctionShape {
  return {
    name,
    sites: sites.map(({ kind, site, fingerprint }) => ({ kind, site, fingerprint })),
    branches: branches.map((branch) => functionShape(branch)),
  }
}

function diffCall(before: readonly FunctionShape[], now: readonly FunctionShape[], call: CallId): readonly string[] {
  let old = before.find(({ name }) => name === 'execute')
  let current = now.find(({ name }) => name === 'execute')
  let path = 'execute'
  for (const segment of call.scope === '' ? [] : call.scope.split('/')) {
    if (old === undefined || current === undefined) break
    const name = segment.replace(/@\d+$/, '')
    const lines = name.startsWith('~') ? diffBranches(path, old, current) : name.startsWith('=') ? [] : diffSites(path, old, current, name)
    if (lines.length > 0) return lines
    old = enter(before, old, name)
    current = enter(now, current, name)
    path = `${path}/${name}`
  }
  if (old === undefined) return []
  return current === undefined ? [`${path}: is gone`] : diffSites(path, old, current, call.site)
}

function enter(all: readonly FunctionShape[], from: FunctionShape, name: string): FunctionShape | undefined {
  if (name.startsWith('~')) return from.branches.find((branch) => branch.name === name)
  if (name.startsWith('='))
    return {
      name,
      sites: from.branches.filter((branch) => branch.name === '~keyed').flatMap(({ sites }) => sites),
      branches: from.branches.filter((branch) => branch.name === '~keyed').flatMap(({ branches }) => branches),
    }
  return all.find((fn) => escapeName(fn.name) === baseName(name))
}

function diffBranches(path: string, old: FunctionShape, current: FunctionShape): readonly string[] {
  const count = ({ branches }: FunctionShape): number => branches.filter(({ name }) => name !== '~keyed').length
  const signature = ({ branches }: FunctionShape): string =>
    JSON.stringify(branches.filter(({ name }) => name !== '~keyed').map(({ sites }) => sites.map(({ site }) => site)))
  if (count(old) === 1 && count(current) === 1) return []
  if (signature(old) === signature(current)) return []
  return [`${path}: had ${count(old)} closures with durable calls, has ${count(current)}, or they make other calls`]
}

function diffSites(path: string, old: FunctionShape, current: FunctionShape, site: string): readonly string[] {
  const name = baseName(site)
  const mine = (fn: FunctionShape): readonly SiteShape[] => fn.sites.filter((candidate) => baseName(candidate.site) === name)
  const before = mine(old)
  const now = mine(current)
  if (now.length === 0) return [`${path}: the call of "${name}" is gone`]
  if (before.length === 1 && now.length === 1) return []
  if (before.length !== now.length) return [`${path}: had ${before.length} calls of "${name}", has ${now.length}`]
  return before.some(({ fingerprint }, index) => fingerprint !== now[index]!.fingerprint)
    ? [`${path}: the ${before.length} calls of "${name}" changed places or arguments`]
    : []
}

function baseName(site: string): string {
  return site.replace(/#\d+$/, '')
}
