/** Compiled code that lies about: whose work it is, and whether it was compiled at all. */
import { join } from 'node:path'
import { VERSION } from '../../../transformer/index.ts'
import type { Finding } from '../finding.ts'
import { type InspectedProject, outputFolder } from '../inspected-project.ts'
import { entriesOf, textOf } from '../read-file.ts'

const COMPILER = /\bcompiler: ?(["'])(\d[^"'\n]*)\1/
const UNCOMPILED = /(?:from\s*|require\(\s*)["']catga["']/

export function checkOutput({ packages, show }: InspectedProject): readonly Finding[] {
  const folders = new Set(packages.flatMap(({ folder, tsconfigs }) => [join(folder, 'dist'), ...tsconfigs.flatMap(outputFolder)]))
  const findings: Finding[] = []
  for (const folder of folders) {
    const stale: string[] = []
    for (const path of scripts(folder)) {
      const text = textOf(path) ?? ''
      const [, , compiler] = text.includes('catga/emitted') || text.includes('$catga') ? (COMPILER.exec(text) ?? []) : []
      if (compiler !== undefined && compiler !== VERSION) stale.push(`${show(path)} by ${compiler}`)
      else if (compiler === undefined && isUncompiled(text)) findings.push(uncompiled(show(path)))
    }
    const [first] = stale
    if (first !== undefined) findings.push(staleOutput(show(folder), first, stale.length))
  }
  return findings
}

function* scripts(folder: string): Generator<string> {
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && entry.name !== 'node_modules') yield* scripts(path)
    else if (/\.[cm]?js$/.test(entry.name)) yield path
  }
}

function isUncompiled(text: string): boolean {
  return UNCOMPILED.test(text) && /\bCatgaProcess\)?\(/.test(text) && !text.includes('catga/emitted')
}

function uncompiled(place: string): Finding {
  return {
    code: 'output-uncompiled',
    severity: 'error',
    place,
    message: 'holds a process that was not compiled; the engine refuses it.',
    fix: 'Build it with a host that compiles processes: see docs/hosts.',
  }
}

function staleOutput(place: string, first: string, count: number): Finding {
  return {
    code: 'output-stale',
    severity: 'error',
    place,
    message: `${count === 1 ? 'A file was' : `${count} files were`} compiled by another Catga than ${VERSION}: ${first}.`,
    fix: 'Remove the folder and what incremental builds remember (*.tsbuildinfo), then build again.',
  }
}
