/** The plugin for bundlers with Rollup's hooks: Rollup itself, Rolldown and Vite. It runs before TypeScript is lowered. */
import type { TextMap } from '../../emit/text/source-map.ts'
import { NAMES_CATGA } from '../../parse/may-hold-process.ts'
import { BuildModules } from './build-modules.ts'
import type { BundledModule } from './bundled-modules.ts'
import type { BundlerOptions } from './bundler-options.ts'
import { SCRIPT_MODULE } from './module-file.ts'
import { reportToRollup, type RollupContext } from './report-to-rollup.ts'
import { type HotUpdate, type HotUpdateContext, updateMadeOf } from './vite-updates.ts'
import { keepOutOfCache, type VitestContext } from './vitest-cache.ts'

/** The parts of a hook's `this` that are used. */
interface HookContext extends RollupContext {
  addWatchFile(file: string): void
  /** Of all transformations so far. */
  getCombinedSourcemap(): object
}

interface Transformed {
  readonly code: string
  readonly map: TextMap
}

export interface HooksPlugin {
  readonly name: string
  readonly enforce: 'pre'
  buildStart(): void
  watchChange(id: string): void
  readonly transform: {
    readonly filter: ModuleFilter
    handler(this: HookContext, code: string, id: string): Promise<Transformed | undefined> | undefined
  }
}

export interface VitePluginHooks extends HooksPlugin {
  hotUpdate<Module>(this: HotUpdateContext<Module>, update: HotUpdate<Module>): Module[] | undefined
  configureVitest(vitest: VitestContext): void
}

/** Bundlers written in another language ask a plugin only where this holds. */
export interface ModuleFilter {
  readonly id?: RegExp
  readonly code: RegExp
}

export function moduleFilter({ include }: BundlerOptions): ModuleFilter {
  return { ...(include === undefined && { id: SCRIPT_MODULE }), code: NAMES_CATGA }
}

/** Whether the change of a file may change the options of a project. */
export function isConfiguration(id: string): boolean {
  return /[\\/][^\\/]*\.json$/.test(id)
}

/** @param finish has the last word on what a module was transformed to */
function hooksPlugin(options: BundlerOptions, modules: BuildModules, finish?: (made: Transformed) => Promise<Transformed>): HooksPlugin {
  return {
    name: 'catga',
    enforce: 'pre',
    buildStart: () => modules.forgetProjects(),
    watchChange: (id) => {
      if (isConfiguration(id)) modules.forgetProjects()
    },
    transform: {
      filter: moduleFilter(options),
      handler(code, id) {
        return modules
          .compile(code, id, () => this.getCombinedSourcemap())
          ?.then((compiled) => {
            const made = compiled && transformed(this, compiled)
            return made === undefined || finish === undefined ? made : finish(made)
          })
      },
    },
  }
}

function transformed(context: HookContext, compiled: BundledModule): Transformed | undefined {
  for (const file of compiled.read) context.addWatchFile(file)
  reportToRollup(context, compiled)
  const { code, map } = compiled
  // A bundler with hooks knows which module the one source is.
  return map && { code, map }
}

export function rollupPlugin(options: BundlerOptions): HooksPlugin {
  return hooksPlugin(options, new BuildModules(options))
}

export function vitePlugin(options: BundlerOptions): VitePluginHooks {
  const modules = new BuildModules(options)
  const plugin = hooksPlugin(options, modules, async ({ code, map }) => {
    const { coverageMap } = await import('./coverage-map.ts')
    return { code, map: coverageMap(map, code) }
  })
  return {
    ...plugin,
    hotUpdate(update) {
      return updateMadeOf(this, update, modules)
    },
    configureVitest: keepOutOfCache,
  }
}
