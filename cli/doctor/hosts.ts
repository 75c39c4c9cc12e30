/** Where a project tells one of its tools to compile processes. */
import type { InspectedPackage, InspectedProject, Tsconfig } from './inspected-project.ts'
import { recordOf } from './read-file.ts'
import { scriptCommands } from './scripts.ts'

const MENTION =
  /\bcatga\/(?:vite|rollup|rolldown|webpack|rspack|esbuild|swc|register|jest|ts-jest|nest|bun|loader|transformer|typescript7)\b|\bcatga (?:build|run)\b/

/** Entries of `plugins` that are ours. */
export function pluginEntries({ config }: Tsconfig): readonly Readonly<Record<string, unknown>>[] {
  const plugins: unknown = config.compilerOptions?.plugins
  return (Array.isArray(plugins) ? plugins : []).flatMap((plugin: unknown) => {
    const entry = recordOf(plugin)
    return entry?.['transform'] === 'catga/transformer' ? [entry] : []
  })
}

export function mentionsCatga(text: string): boolean {
  return MENTION.test(text)
}

/** Whether anything in the package has processes compiled. */
export function compilesProcesses({ manifest, tsconfigs, configs, sources }: InspectedPackage): boolean {
  return (
    tsconfigs.some((tsconfig) => pluginEntries(tsconfig).length > 0) ||
    configs.some(({ text }) => mentionsCatga(text)) ||
    scriptCommands(manifest).some(({ text }) => mentionsCatga(text)) ||
    // A build script of the user's own.
    sources.some(({ text }) => mentionsCatga(text))
  )
}

export function anyCompiles({ packages }: InspectedProject): boolean {
  return packages.some(compilesProcesses)
}

export function hasProcesses({ packages }: InspectedProject): boolean {
  return packages.some(({ processes }) => processes.length > 0)
}
