import { readFileSync } from 'node:fs'
import type { Plugin } from 'vitest/config'
import ts from 'typescript'
import { codeFrame, formatDiagnostic, transpile } from '../../transformer/index.ts'

export interface CatgaVitestOptions {
  /** Tells the files to compile; others are left to vitest. */
  readonly matches: (fileName: string) => boolean
  readonly compilerOptions?: ts.CompilerOptions
}

/** Compiles process files as `tspc` would when a test of this project imports them. */
export function catgaVitest({ matches, compilerOptions }: CatgaVitestOptions): Plugin {
  return {
    name: 'catga',
    enforce: 'pre',
    load(id) {
      const fileName = id.split('?')[0] ?? id
      if (!fileName.endsWith('.ts') || !matches(fileName)) return null
      const source = readFileSync(fileName, 'utf8')
      const { code, map, diagnostics } = transpile(source, fileName, { ts, ...(compilerOptions && { compilerOptions }) })
      // A file with errors still loads: it throws them, and a test may be about that.
      for (const diagnostic of diagnostics) {
        this.warn(`${formatDiagnostic(diagnostic, source)}\n${codeFrame(source, diagnostic.span)}`)
      }
      return { code, map: map ?? null }
    },
  }
}
