/** The catalog and the pages in `docs/diagnostics/` are the same set, and the pages' examples are true. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { analyze } from '../analyze/analyze.ts'
import { catalog, type DiagnosticCode } from './catalog.ts'

const folder = fileURLToPath(new URL('../../docs/diagnostics/', import.meta.url))
const codes = Object.keys(catalog) as DiagnosticCode[]

function example(page: string, heading: 'Wrong' | 'Right'): string {
  const match = new RegExp(`## ${heading}\n\n\`\`\`ts\n([^]*?)\`\`\``).exec(page)
  if (match?.[1] === undefined) throw new Error(`no example under "${heading}"`)
  return match[1]
}

test('there is one page for each code', () => {
  const pages = readdirSync(folder).filter((name) => name.startsWith('CATGA'))
  expect(pages.sort()).toEqual(codes.map((code) => `${code}.md`).sort())
})

test('the overview lists all of them', () => {
  const overview = readFileSync(`${folder}README.md`, 'utf8')
  const rows = codes.map((code) => `| [${code}](${code}.md) | ${catalog[code].severity} | ${catalog[code].title} |`)
  expect(overview.split('\n').filter((line) => line.startsWith('| ['))).toEqual(rows)
})

describe.each(codes)('%s', (code) => {
  const page = readFileSync(`${folder}${code}.md`, 'utf8')
  const { severity, title } = catalog[code]

  test('has its title and severity', () => {
    expect(page.startsWith(`# ${code}: ${title}\n\n${severity === 'error' ? 'Error' : 'Warning'}. `)).toBe(true)
    expect(page).toContain('\n## Why\n')
  })

  test('the wrong example gives this code and no other', () => {
    const { model, diagnostics } = analyze(example(page, 'Wrong'), 'example.ts')
    expect([...new Set(diagnostics.map((diagnostic) => diagnostic.code))]).toEqual([code])
    expect(model === undefined).toBe(severity === 'error')
  })

  test('the right example gives none', () => {
    const { model, diagnostics } = analyze(example(page, 'Right'), 'example.ts')
    expect(diagnostics).toEqual([])
    expect(model).toBeDefined()
  })
})
