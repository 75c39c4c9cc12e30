/**
 * Finds a tool that the user has installed and that makes JavaScript of TypeScript.
 *
 * esbuild first: it is there wherever tsx or Vite is, loads in 10 ms and lowers decorators of both kinds. It knows no types, so where
 * decorator metadata is asked for it is swc. TypeScript comes last because it takes longest to load, not because it does less.
 * oxc-transform makes no CommonJS and leaves standard decorators as they are, as does Node's own type stripping.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { isEsbuild, lowerWithEsbuild } from './lower-with-esbuild.ts'
import { isSwc, lowerWithSwc } from './lower-with-swc.ts'
import { isTypeScript, lowerWithTypeScript } from './lower-with-typescript.ts'
import type { Lower } from './lowering.ts'

/** None of the tools is installed. */
export class NoLoweringToolError extends Error {
  readonly code = 'ERR_CATGA_NO_LOWERING_TOOL'
  constructor(fileName: string, metadata: boolean) {
    const [wanted, command] = metadata
      ? ['"emitDecoratorMetadata" asks for @swc/core, or TypeScript 5.9 or 6', '@swc/core']
      : ['it takes esbuild, @swc/core, or TypeScript 5.9 or 6', 'esbuild']
    super(`Cannot compile ${fileName} to JavaScript: ${wanted}, and none is installed. Run: npm install --save-dev ${command}`)
    this.name = 'NoLoweringToolError'
  }
}

/** @throws NoLoweringToolError */
export function findLowering(fileName: string, metadata: boolean): Lower {
  const found = (metadata ? undefined : esbuildFor(fileName)) ?? swcFor(fileName) ?? typescriptFor(fileName)
  if (found === undefined) throw new NoLoweringToolError(fileName, metadata)
  return found
}

function esbuildFor(fileName: string): Lower | undefined {
  // Package managers that do not hoist keep it where only tsx finds it.
  const tool = installed(fileName, 'esbuild') ?? installed(pathOf(fileName, 'tsx/package.json'), 'esbuild')
  return isEsbuild(tool) ? lowerWithEsbuild(tool) : undefined
}

function swcFor(fileName: string): Lower | undefined {
  const tool = installed(fileName, '@swc/core')
  return isSwc(tool) ? lowerWithSwc(tool) : undefined
}

function typescriptFor(fileName: string): Lower | undefined {
  const tool = installed(fileName, 'typescript')
  return isTypeScript(tool) ? lowerWithTypeScript(tool) : undefined
}

function installed(fromFile: string | undefined, name: string): unknown {
  if (fromFile === undefined) return undefined
  const path = pathOf(fromFile, name)
  return path === undefined ? undefined : createRequire(fromFile)(path)
}

/** Beside the file, else beside the program. */
function pathOf(fromFile: string, name: string): string | undefined {
  for (const from of [fromFile, join(process.cwd(), 'package.json')]) {
    try {
      return createRequire(from).resolve(name)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw error
    }
  }
  return undefined
}
