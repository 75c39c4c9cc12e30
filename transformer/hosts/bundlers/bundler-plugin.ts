/**
 * The plugin for bundlers, as unplugin takes it. It runs before TypeScript is lowered, and hands every bundler its findings in the
 * form that this bundler has for them.
 */
import {
  createUnplugin,
  type UnpluginBuildContext,
  type UnpluginContext,
  type UnpluginInstance,
  type UnpluginContextMeta,
  type UnpluginOptions,
} from 'unplugin'
import type { TextMap } from '../../emit/text/source-map.ts'
import { NAMES_CATGA } from '../../parse/parse.ts'
import { BundledModules } from './bundled-modules.ts'
import type { BundlerOptions } from './bundler-options.ts'
import { coverageMap } from './coverage-map.ts'
import { loadForEsbuild, type EsbuildBuild } from './load-for-esbuild.ts'
import { SCRIPT_MODULE } from './module-file.ts'
import { reportToRollup } from './report-to-rollup.ts'
import { isAsset, reportToWebpack, type WebpackLoaderContext } from './report-to-webpack.ts'
import { type HotUpdate, type HotUpdateContext, updateMadeOf } from './vite-updates.ts'

type TransformContext = UnpluginBuildContext & UnpluginContext

const NAME = 'catga'

/** One plugin, and a member for each bundler. */
export const unplugin: UnpluginInstance<BundlerOptions, false> = createUnplugin(bundlerPlugin)

function bundlerPlugin(options: BundlerOptions, { framework }: UnpluginContextMeta): UnpluginOptions {
  const modules = new BundledModules(options)
  if (framework === 'esbuild') {
    return { name: NAME, esbuild: { setup: (build) => loadForEsbuild(build as EsbuildBuild, modules, options.include) } }
  }
  const plugin: UnpluginOptions = {
    name: NAME,
    enforce: 'pre',
    buildStart: () => modules.forgetProjects(),
    watchChange: (id) => {
      if (/[\\/][^\\/]*\.json$/.test(id)) modules.forgetProjects()
    },
    transform: {
      // Bundlers written in another language ask us only where this holds.
      filter: { ...(options.include === undefined && { id: SCRIPT_MODULE }), code: NAMES_CATGA },
      handler(code, id) {
        const made = transform(this, modules, { code, id })
        return made !== undefined && framework === 'vite' ? { ...made, map: coverageMap(made.map, made.code) } : made
      },
    },
  }
  return framework === 'vite' ? { ...plugin, vite: { hotUpdate: updateProcesses(modules) } } : plugin
}

function updateProcesses(modules: BundledModules) {
  return function hotUpdate<Module>(this: HotUpdateContext<Module>, update: HotUpdate<Module>): Module[] | undefined {
    return updateMadeOf(this, update, modules)
  }
}

interface Transformed {
  readonly code: string
  readonly map: TextMap
}

function transform(context: TransformContext, modules: BundledModules, module: { code: string; id: string }): Transformed | undefined {
  const native = context.getNativeBuildContext?.()
  const webpack = native?.framework === 'webpack' || native?.framework === 'rspack' ? native : undefined
  const loader = webpack?.loaderContext as WebpackLoaderContext | undefined
  if (loader !== undefined && isAsset(loader)) return undefined
  const compiled = modules.compile(module.code, module.id)
  if (compiled === undefined) return undefined
  for (const file of compiled.read) context.addWatchFile(file)
  if (loader === undefined) reportToRollup(context, compiled)
  else reportToWebpack(loader, compiled)
  const { code, map, file } = compiled
  if (map === undefined) return undefined
  // Loaders after us take the source of a map for a path from anywhere; a bundler with hooks knows which module it is.
  return { code, map: loader === undefined ? map : { ...map, sources: [file] } }
}
