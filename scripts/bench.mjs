/**
 * Runs one benchmark. A benchmark is a module `bench/<name>.ts` whose default export gets `report` and calls it once per figure.
 *
 *   node scripts/bench.mjs <name> [--json]     --json prints one JSON line per figure
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { build } from './build.mjs'
import { indent, palette } from './terminal.mjs'
import { passThrough, root } from './run.mjs'

const [name, ...flags] = process.argv.slice(2).toSorted((a, b) => Number(a.startsWith('--')) - Number(b.startsWith('--')))
const json = flags.includes('--json')

if (process.env['CATGA_BENCH_INNER'] === '1') {
  await measure(pathToFileURL(benchFile(name)).href)
} else if (name === undefined || name.startsWith('--') || !existsSync(benchFile(name))) {
  console.error(`Usage: npm run bench -- <name> [--json]\nBenchmarks: ${benchNames().join(', ') || 'none yet'}`)
  process.exitCode = 2
} else {
  const built = await build()
  if (!built.ok) {
    console.error(`The build failed.\n${indent(built.output)}`)
    process.exitCode = 1
  } else {
    // Garbage can be collected between measurements; tsx runs the benchmark's own TypeScript, the package comes from dist.
    process.exitCode = await passThrough(['--expose-gc', '--import', 'tsx', join(root, 'scripts', 'bench.mjs'), name, ...flags], {
      ...process.env,
      CATGA_BENCH_INNER: '1',
    })
  }
}

/** @param {string} name */
function benchFile(name) {
  return join(root, 'bench', `${name}.ts`)
}

function benchNames() {
  return readdirSync(join(root, 'bench'))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => file.slice(0, -3))
}

/** @param {string} url */
async function measure(url) {
  const module = await import(url)
  const lines = []
  await module.default((/** @type {Record<string, unknown>} */ line) => {
    lines.push(line)
    if (json) console.log(JSON.stringify(line))
    else console.error(`  ${line.metric}: ${line.value} ${line.unit}`)
  })
  if (!json) printTable(lines)
}

/** @param {readonly Record<string, unknown>[]} lines */
function printTable(lines) {
  const { bold } = palette()
  const head = ['benchmark', 'metric', 'value', 'unit', 'ratio', 'against', 'target', 'met']
  const rows = lines.map((line) =>
    [line.name, line.metric, line.value, line.unit, line.ratio, line.against, line.target, verdict(line.met)].map((cell) => cellText(cell)),
  )
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)))
  const format = (/** @type {readonly string[]} */ row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd()
  console.log(bold(format(head)))
  for (const row of rows) console.log(format(row))
}

/** @param {unknown} met whether the figure keeps its target; absent for figures that only inform */
function verdict(met) {
  return met === undefined ? '' : met === true ? 'yes' : 'no'
}

/** @param {unknown} value */
function cellText(value) {
  if (value === undefined || value === null) return ''
  if (typeof value !== 'number' || Number.isInteger(value)) return String(value)
  return String(Number(value.toPrecision(4)))
}
