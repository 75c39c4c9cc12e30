import type { Options, Output, Program } from '@swc/core'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { mayNameCatga } from '../../parse/may-hold-process.ts'
import { loadSwc, originalsOf, type SwcTransforms } from './load-swc.ts'
import { startProcessJob, type CompiledProcess, type ProcessJob } from './process-job.ts'
import { SwcHostError } from './swc-host-error.ts'
import { emitWarnings } from './warnings.ts'

export interface TransformsOptions {
  /** The `@swc/core` to use; default the one that is installed. */
  readonly swc?: SwcTransforms
  /** Folder that names in messages are relative to; default the working directory. */
  readonly root?: string
  /** Is told of every process file. Default: its warnings go where `onWarning` says. */
  readonly onCompiled?: (compiled: CompiledProcess) => void
}

/**
 * swc's four functions, compiling processes: for a tool that brings its own `@swc/core`, or wants to know what was compiled.
 *
 * ```ts
 * import * as swc from '@swc/core'
 * import { createTransforms } from 'catga/swc'
 *
 * const { transformFile } = createTransforms({ swc, onCompiled: ({ fileName, read }) => console.log(fileName, read) })
 * const { code } = await transformFile('src/order.process.ts')
 * ```
 */
export function createTransforms(settings: TransformsOptions = {}): SwcTransforms {
  const { swc = originalsOf(loadSwc()), root, onCompiled = emitWarnings } = settings
  const start = (source: string | Program, options: Options = {}): ProcessJob | undefined => {
    if (typeof source !== 'string') return refuseProcessTree(source)
    return startProcessJob({ swc, source, options, root: root ?? process.cwd(), onCompiled })
  }
  const finishLater = async (job: ProcessJob): Promise<Output> => job.finish(await swc.transform(job.code, job.options))
  const finishNow = (job: ProcessJob): Output => job.finish(swc.transformSync(job.code, job.options))
  return {
    transform(source, options) {
      try {
        const job = start(source, options)
        return job === undefined ? swc.transform(source, options) : finishLater(job)
      } catch (error) {
        return Promise.reject(error)
      }
    },
    transformSync(source, options) {
      const job = start(source, options)
      return job === undefined ? swc.transformSync(source, options) : finishNow(job)
    },
    async transformFile(path, options) {
      const bytes = await readFile(path).catch(() => undefined)
      const job = mayNameUs(bytes) ? start(bytes.toString(), { ...options, filename: path }) : undefined
      return job === undefined ? swc.transformFile(path, options) : finishLater(job)
    },
    transformFileSync(path, options) {
      const bytes = readIfThere(path)
      const job = mayNameUs(bytes) ? start(bytes.toString(), { ...options, filename: path }) : undefined
      return job === undefined ? swc.transformFileSync(path, options) : finishNow(job)
    },
  }
}

/** A file that cannot be read is swc's to complain of. */
function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

/** Nearly all files of a project end here, before they are turned into text. */
function mayNameUs(bytes: Buffer | undefined): bytes is Buffer {
  return bytes !== undefined && mayNameCatga(bytes)
}

function refuseProcessTree(tree: Program): undefined {
  // JavaScript may hand over anything: what is no tree is swc's to complain of.
  const { body } = (tree ?? {}) as Partial<Program>
  for (const item of Array.isArray(body) ? body : []) {
    if (item.type !== 'ImportDeclaration' || item.source.value !== 'catga') continue
    const imported = item.specifiers.map(
      (specifier) => ('imported' in specifier ? (specifier.imported ?? specifier.local) : specifier.local).value,
    )
    if (!imported.includes('CatgaProcess')) continue
    throw new SwcHostError(
      'swc-syntax-tree',
      'transform was given a syntax tree with a process in it, which catga/swc cannot compile: give it the text of the file instead.',
    )
  }
  return undefined
}
