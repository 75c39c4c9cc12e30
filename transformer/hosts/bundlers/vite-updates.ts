/**
 * Vite's development server keeps what it made of a module until the module itself changes. A process is made of more: the helpers
 * it calls are looked into. One of them that changes takes the process with it.
 */
import type { BuildModules } from './build-modules.ts'

/** The parts of Vite's server that are used. */
export interface HotUpdateContext<Module> {
  readonly environment: {
    readonly moduleGraph: {
      getModulesByFile(file: string): Set<Module> | undefined
      invalidateModule(module: Module, seen: Set<Module>, timestamp: number, isHmr: boolean): void
    }
  }
}

export interface HotUpdate<Module> {
  readonly file: string
  readonly timestamp: number
  readonly modules: readonly Module[]
}

/** @returns what else is to be updated together with the modules of the file; undefined for nothing else */
export function updateMadeOf<Module>(
  { environment: { moduleGraph } }: HotUpdateContext<Module>,
  { file, timestamp, modules }: HotUpdate<Module>,
  bundled: BuildModules,
): Module[] | undefined {
  const made = bundled.madeOf(file).flatMap((module) => [...(moduleGraph.getModulesByFile(module) ?? [])])
  if (made.length === 0) return undefined
  for (const module of made) moduleGraph.invalidateModule(module, new Set(), timestamp, true)
  return [...new Set([...modules, ...made])]
}
