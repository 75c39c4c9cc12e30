/**
 * Checks import direction against `import-rules.mjs`, and that no cycle of imports is left when types are gone: two modules may
 * name each other's types, but values in a cycle can be used before they exist.
 *
 *   node scripts/check/imports.mjs
 */
import { readFileSync, readdirSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, posix, relative, sep } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'oxc-parser'
import { mixedByPurpose, neverMixed, rooms } from './import-rules.mjs'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const problems = []

const files = ['runtime', 'transformer', 'cli'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) =>
      relative(root, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join('/'),
    ),
)

/** Imports that are left when types are gone. @type {Map<string, string[]>} */
const graph = new Map()
for (const file of files) {
  const imports = importsOf(file)
  const isTest = isTestFile(file)
  for (const { specifier } of imports) {
    const problem = isTest ? mixes(file, specifier) : breaksRule(file, specifier)
    if (problem !== undefined) problems.push(`${file} imports ${specifier}: ${problem}`)
  }
  const values = imports.filter(({ specifier, isType }) => specifier.startsWith('.') && !isType)
  if (!isTest)
    graph.set(
      file,
      values.map(({ specifier }) => resolve(file, specifier)),
    )
}
problems.push(...cycles())

for (const problem of problems) console.error(problem)
console.log(`${files.length} files, ${Object.keys(rooms).length} rooms, ${problems.length} problems`)
process.exitCode = problems.length === 0 ? 0 : 1

/** @param {string} file @returns {{ specifier: string, isType: boolean }[]} */
function importsOf(file) {
  const { module, errors } = parseSync(file, readFileSync(join(root, file), 'utf8'))
  for (const error of errors) problems.push(`${file} does not parse: ${error.message}`)
  const exported = module.staticExports.flatMap((statement) => statement.entries)
  const found = [
    ...module.staticImports.map(({ moduleRequest, entries }) => ({
      specifier: moduleRequest.value,
      isType: entries.length > 0 && entries.every(({ isType }) => isType),
    })),
    ...exported.flatMap(({ moduleRequest, isType }) => (moduleRequest === null ? [] : { specifier: moduleRequest.value, isType })),
    ...dynamicImports(file, module).map((specifier) => ({ specifier, isType: false })),
  ]
  const specifiers = [...new Set(found.map(({ specifier }) => specifier))]
  return specifiers.map((specifier) => ({ specifier, isType: found.every((one) => one.specifier !== specifier || one.isType) }))
}

/** Those with a literal specifier; others cannot be checked and are few. */
function dynamicImports(file, module) {
  const text = readFileSync(join(root, file), 'utf8')
  return module.dynamicImports.flatMap(
    ({ moduleRequest }) => /^['"`](.+)['"`]$/.exec(text.slice(moduleRequest.start, moduleRequest.end))?.[1] ?? [],
  )
}

/** @param {string} file */
function isTestFile(file) {
  return /\.test(-support)?\.ts$/.test(file)
}

/** @param {string} file */
function roomOf(file) {
  for (let path = file; path !== '.'; path = posix.dirname(path)) if (path in rooms) return path
  return undefined
}

/** @param {string} file @param {string} specifier */
function resolve(file, specifier) {
  return posix.normalize(posix.join(posix.dirname(file), specifier))
}

/** @param {string} file @param {string} specifier */
function breaksRule(file, specifier) {
  const room = roomOf(file)
  if (room === undefined) return 'its folder is in no room of scripts/check/import-rules.mjs'
  const rule = rooms[room]
  if (specifier.startsWith('node:')) return rule.node === 'none' ? `${room} imports nothing of Node` : undefined
  if (builtinModules.includes(specifier)) return 'write node: before the names of Node modules'
  if (!specifier.startsWith('.')) {
    const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
    return rule.packages.includes(name) ? undefined : `${room} may not use package ${name}`
  }
  const target = resolve(file, specifier)
  if (isTestFile(target)) return 'shipped code imports no test'
  const targetRoom = roomOf(target)
  if (targetRoom === room || rule.may.includes(targetRoom ?? '') || rule.may.includes(target)) return undefined
  return `${room} may not import ${targetRoom ?? target}`
}

/** @param {string} file @param {string} specifier */
function mixes(file, specifier) {
  if (!specifier.startsWith('.') || mixedByPurpose.some((pattern) => pattern.test(file))) return undefined
  const [from, to] = [file, resolve(file, specifier)].map((path) => path.split('/')[0])
  return from !== to && neverMixed.includes(from ?? '') && neverMixed.includes(to ?? '')
    ? `${from}/ and ${to}/ never import each other`
    : undefined
}

/** Each strongly connected component of more than one file, as one line. */
function cycles() {
  const found = []
  const state = new Map()
  const stack = []
  const visit = (file) => {
    const own = { index: state.size, low: state.size, open: true }
    state.set(file, own)
    stack.push(file)
    for (const next of graph.get(file) ?? []) {
      const seen = state.get(next) ?? visit(next)
      if (seen.open) own.low = Math.min(own.low, seen.low)
    }
    if (own.low !== own.index) return own
    const members = stack.splice(stack.indexOf(file))
    for (const member of members) state.get(member).open = false
    if (members.length > 1) found.push(`import cycle: ${members.toSorted().join(', ')}`)
    return own
  }
  for (const file of graph.keys()) if (!state.has(file)) visit(file)
  return found
}
