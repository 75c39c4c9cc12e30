/** What the compiler says of the processes themselves. */
import { formatDiagnostic } from '../../../transformer/index.ts'
import type { Finding } from '../finding.ts'
import type { InspectedProject } from '../inspected-project.ts'

export function checkSources({ packages, show }: InspectedProject): readonly Finding[] {
  return packages.flatMap(({ processes }) =>
    processes.flatMap(({ path, text, diagnostics }) =>
      diagnostics.map((diagnostic): Finding => {
        const [, line, column] = /\((\d+),(\d+)\): /.exec(formatDiagnostic({ ...diagnostic, fileName: '' }, text)) ?? []
        return {
          code: diagnostic.code,
          severity: diagnostic.severity,
          place: `${show(path)}:${line}:${column}`,
          message: diagnostic.message,
          fix: `See docs/diagnostics/${diagnostic.code}.md in node_modules/catga.`,
        }
      }),
    ),
  )
}
