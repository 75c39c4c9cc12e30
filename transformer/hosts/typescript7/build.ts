/** `catga build --tsc7`: checks and emits projects with TypeScript 7. */
import { dirname, resolve } from 'node:path'
import type { ProjectBuild } from './build-project.ts'
import { hasErrors } from './build-project.ts'
import { buildWithSwc } from './build-with-swc.ts'
import { buildWithTypeScript } from './build-with-typescript.ts'
import { importFrom, installedPackage, installedTypeScript, type InstalledTypeScript } from './installed-typescript.ts'
import { projectsInOrder } from './project-order.ts'
import type { Swc } from './swc-api.ts'
import { TypeScript7Error } from './typescript7-error.ts'

/** What is to be built, and how. */
export interface TypeScript7Options {
  /** A `tsconfig.json`, or the folder that holds it; default the working directory. */
  readonly project?: string
  /** Folder that paths are relative to; default the working directory of the process. */
  readonly cwd?: string
  /** `check` reports and writes nothing; default `emit`. */
  readonly mode?: 'emit' | 'check'
  /** Name of the package that is TypeScript 7, where it is installed under another; default `typescript`. */
  readonly typescript?: string
  /** Who writes the JavaScript; default `typescript` where the installed version can, else `swc`. */
  readonly emitWith?: 'typescript' | 'swc'
}

/** What was built, by whom. */
export interface TypeScript7Build {
  /** False where there are errors, in whichever project. */
  readonly ok: boolean
  /** Version of the TypeScript that checked the source. */
  readonly typescript: string
  /** Who wrote the JavaScript. */
  readonly emittedWith: 'typescript' | 'swc'
  /** Version of swc, where it was used. */
  readonly swc: string | undefined
  /** Why swc and not TypeScript; undefined where TypeScript emitted. */
  readonly reason: string | undefined
  /** In the order they were built. */
  readonly projects: readonly ProjectBuild[]
}

/**
 * Checks a project and those it references with TypeScript 7, and emits them with their processes compiled.
 *
 * Types are checked, and declarations made, from the untouched source. The JavaScript is TypeScript's own where it has
 * `typescript/sync` (7.1), else swc's.
 *
 * ```ts
 * import { buildWithTypeScript7 } from 'catga/typescript7'
 *
 * const { ok, emittedWith, projects } = await buildWithTypeScript7({ project: 'tsconfig.build.json' })
 * for (const { diagnostics } of projects) for (const { fileName, line, message } of diagnostics) console.error(fileName, line, message)
 * if (!ok) process.exitCode = 1
 * ```
 *
 * @throws TypeScript7Error nothing could be built; its `code` says why
 */
export async function buildWithTypeScript7(options: TypeScript7Options = {}): Promise<TypeScript7Build> {
  const cwd = options.cwd ?? process.cwd()
  const mode = options.mode ?? 'emit'
  const projects = projectsInOrder(resolve(cwd, options.project ?? '.'))
  const folder = dirname(projects.at(-1)?.configFile ?? cwd)
  const typescript = await installedTypeScript(folder, options.typescript ?? 'typescript')
  const way = await wayOf(typescript, options.emitWith, folder, mode)
  const builds: ProjectBuild[] = []
  for (const project of projects) {
    if (project.isSolution) continue
    const request = { project, typescript, cwd, mode }
    builds.push(way.swc === undefined ? buildWithTypeScript(way.modules, request) : await buildWithSwc(way.swc, request))
  }
  return {
    ok: builds.every(({ diagnostics }) => !hasErrors(diagnostics)),
    typescript: typescript.version,
    emittedWith: way.swc === undefined ? 'typescript' : 'swc',
    swc: way.swc?.version,
    reason: way.swc === undefined ? undefined : way.reason,
    projects: builds,
  }
}

type Way =
  | { readonly swc: undefined; readonly modules: Exclude<InstalledTypeScript['sync'], { readonly missing: string }> }
  | { readonly swc: Swc; readonly reason: string }

async function wayOf(
  { sync }: InstalledTypeScript,
  wanted: TypeScript7Options['emitWith'],
  folder: string,
  mode: 'emit' | 'check',
): Promise<Way> {
  if (wanted !== 'swc' && !('missing' in sync)) return { swc: undefined, modules: sync }
  const reason = 'missing' in sync ? sync.missing : 'asked for'
  if (wanted === 'typescript')
    throw new TypeScript7Error('typescript-unsupported', `${reason}: install typescript@7.1 or newer, or let swc emit.`)
  const version = installedPackage(folder, '@swc/core')?.version
  if (version === undefined && mode === 'emit') {
    throw new TypeScript7Error('swc-missing', `${reason}, so swc is to emit, and is not installed: npm install --save-dev @swc/core.`)
  }
  const loaded = version === undefined ? undefined : await importFrom(folder, '@swc/core')
  const transform = (loaded?.['transform'] ?? (loaded?.['default'] as Swc | undefined)?.transform) as Swc['transform'] | undefined
  return { swc: { version: version ?? 'none', transform: transform ?? noSwc }, reason }
}

/** Checking needs no swc. */
function noSwc(): Promise<never> {
  return Promise.reject(new TypeScript7Error('swc-missing', '@swc/core has no "transform": npm install --save-dev @swc/core@1.'))
}
