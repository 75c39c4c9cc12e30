/**
 * `require`: a module is asked for by `Module.prototype.load`, which hands it to the loader of its extension. We stand before that, so
 * it does not matter who has put a loader for `.ts` there, and when.
 */
import { readFileSync } from 'node:fs'
import { dirname, extname } from 'node:path'
import { type FileCompiled, type FileCompiler, isTypeScript, OWN_FOLDER } from './file-compiler.ts'
import { nodeModule } from './node-module.ts'
import { isNotFound, SourceResolution } from './source-resolution.ts'

/** @param beforeCommonJs called before the first CommonJS file of ours runs */
export function hookRequire(files: FileCompiler, beforeCommonJs: () => void): void {
  const { load } = nodeModule.prototype
  let isFirst = true
  nodeModule.prototype.load = function (fileName) {
    // tsx makes CommonJS of ES modules that are required: a second copy of this package, in which nothing is registered.
    const compiled = isOwn(fileName) ? ownModule(fileName) : compileFile(fileName)
    if (compiled === undefined) return load.call(this, fileName)
    if (isFirst && compiled.format === 'commonjs') {
      isFirst = false
      beforeCommonJs()
    }
    this.filename = fileName
    this.paths = nodeModule._nodeModulePaths(dirname(fileName))
    this._compile(compiled.code, fileName, compiled.format)
    this.loaded = true
  }

  function compileFile(fileName: string): FileCompiled | undefined {
    const otherLoader = isTypeScript(fileName) && '.ts' in nodeModule._extensions ? 'commonjs' : undefined
    return files.compile(fileName, hasLoader(fileName) ? 'process' : 'any', otherLoader)
  }

  const resolve = nodeModule._resolveFilename
  const sources = new SourceResolution()
  nodeModule._resolveFilename = function (request, parent, ...rest) {
    try {
      return resolve.call(this, request, parent, ...rest)
    } catch (error) {
      const found = isNotFound(error) ? sources.find(request, parent?.filename ?? undefined) : undefined
      if (found === undefined) throw error
      return found
    }
  }
}

function isOwn(fileName: string): boolean {
  return fileName.startsWith(OWN_FOLDER) && fileName.endsWith('.js')
}

function ownModule(fileName: string): FileCompiled {
  return { code: readFileSync(fileName, 'utf8'), format: 'module' }
}

/** Whether somebody loads such a file: all that is not TypeScript, TypeScript that Node strips, and what another loader is there for. */
function hasLoader(fileName: string): boolean {
  if (!isTypeScript(fileName)) return true
  const extension = extname(fileName)
  const strips = (process.features as { readonly typescript?: unknown }).typescript
  return extension in nodeModule._extensions || (Boolean(strips) && extension !== '.tsx')
}
