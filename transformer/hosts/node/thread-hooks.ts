/** The hooks for Node without `module.registerHooks`: Node loads this module in a thread of its own. */
import type { MessagePort } from 'node:worker_threads'
import { FileCompiler } from './file-compiler.ts'
import { ImportHooks } from './import-hooks.ts'
import type { LoadContext, Loaded, ResolveContext, Resolved } from './node-module.ts'
import { emitWarning } from './warnings.ts'

export interface ThreadHooksData {
  /** Where warnings go: the program does not see what this thread emits. */
  readonly warnings: MessagePort
}

let hooks = new ImportHooks(new FileCompiler(emitWarning))

export function initialize({ warnings }: ThreadHooksData): void {
  hooks = new ImportHooks(new FileCompiler((warning) => warnings.postMessage(warning)))
}

type NextResolve = (specifier: string, context?: ResolveContext) => Promise<Resolved>

export async function resolve(specifier: string, context: ResolveContext, next: NextResolve): Promise<Resolved> {
  const resolved = await nextOrElse()
  hooks.resolved(resolved.url, context)
  return resolved

  async function nextOrElse(): Promise<Resolved> {
    try {
      return await next(specifier, context)
    } catch (error) {
      return await next(hooks.resolveElse(error, specifier, context), context)
    }
  }
}

type NextLoad = (url: string, context?: LoadContext) => Promise<Loaded>

export async function load(url: string, context: LoadContext, next: NextLoad): Promise<Loaded> {
  const loaded = hooks.loadProcess(url, context)
  if (loaded !== undefined) return loaded
  try {
    return await next(url, context)
  } catch (error) {
    return hooks.loadElse(error, url, context)
  }
}
