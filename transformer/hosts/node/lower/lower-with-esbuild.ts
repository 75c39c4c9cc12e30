import type { Lower } from './lowering.ts'
import { syntaxOf } from './lowering.ts'

interface Esbuild {
  readonly transformSync: (code: string, options: Readonly<Record<string, unknown>>) => { readonly code: string; readonly map: string }
}

export function isEsbuild(tool: unknown): tool is Esbuild {
  return typeof (tool as Partial<Esbuild> | undefined)?.transformSync === 'function'
}

export function lowerWithEsbuild(esbuild: Esbuild): Lower {
  return ({ code, fileName, format, options }) => {
    const { format: _format, emitDecoratorMetadata: _metadata, ...compilerOptions } = options
    const { typescript, jsx } = syntaxOf(fileName)
    return esbuild.transformSync(code, {
      loader: typescript ? (jsx ? 'tsx' : 'ts') : jsx ? 'jsx' : 'js',
      format: format === 'module' ? 'esm' : 'cjs',
      platform: 'node',
      target: `node${process.versions.node}`,
      charset: 'utf8',
      // It renames classes whose decorators it lowers.
      keepNames: true,
      sourcefile: fileName,
      sourcemap: 'external',
      sourcesContent: false,
      logLevel: 'silent',
      tsconfigRaw: { compilerOptions },
    })
  }
}
