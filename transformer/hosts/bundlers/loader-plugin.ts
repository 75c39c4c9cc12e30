/** The plugin for webpack and Rspack, as unplugin takes it. It runs before TypeScript is lowered. */
import { createUnplugin, type UnpluginBuildContext, type UnpluginInstance, type UnpluginOptions } from 'unplugin'
import type { TextMap } from '../../emit/text/source-map.ts'
import { BuildModules } from './build-modules.ts'
import type { BundledModule } from './bundled-modules.ts'
import type { BundlerOptions } from './bundler-options.ts'
import { isConfiguration, moduleFilter } from './hooks-plugin.ts'
import { nameInCache } from './name-in-cache.ts'
import { isAsset, reportToWebpack, type WebpackLoaderContext } from './report-to-webpack.ts'

/** One plugin, and a member for each bundler. */
export const unplugin: UnpluginInstance<BundlerOptions, false> = createUnplugin(loaderPlugin)

function loaderPlugin(options: BundlerOptions): UnpluginOptions {
  const modules = new BuildModules(options)
  return {
    name: 'catga',
    enforce: 'pre',
    webpack: (compiler) => nameInCache(compiler, options),
    rspack: (compiler) => nameInCache(compiler, options),
    buildStart: () => modules.forgetProjects(),
    watchChange: (id) => {
      if (isConfiguration(id)) modules.forgetProjects()
    },
    transform: {
      filter: moduleFilter(options),
      handler(code, id) {
        const context = this.getNativeBuildContext?.()
        const native = context?.framework === 'webpack' || context?.framework === 'rspack' ? context : undefined
        const loader = native?.loaderContext as WebpackLoaderContext | undefined
        if (loader === undefined || isAsset(loader)) return undefined
        return modules
          .compile(code, id, () => native?.inputSourceMap as object | undefined)
          ?.then((compiled) => compiled && transformed(this, loader, compiled))
      },
    },
  }
}

interface Transformed {
  readonly code: string
  readonly map: TextMap
}

function transformed(context: UnpluginBuildContext, loader: WebpackLoaderContext, compiled: BundledModule): Transformed | undefined {
  for (const file of compiled.read) context.addWatchFile(file)
  reportToWebpack(loader, compiled)
  const { code, map, file } = compiled
  // Loaders after us take the source of a map for a path from anywhere.
  return map && { code, map: { ...map, sources: [file] } }
}
