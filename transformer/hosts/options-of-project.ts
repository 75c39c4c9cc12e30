import { findOtherModule } from './other-modules.ts'
import { ProjectOptionsReader } from './project-options.ts'
import type { TextOptions } from './text-compile.ts'

/**
 * What the project of a file says of how it is compiled: the mode of decorators, as in its `tsconfig.json`, and where the modules
 * are that its process code calls into.
 *
 * ```ts
 * import { analyze, optionsOfProject } from 'catga/transformer'
 *
 * const { diagnostics } = analyze(source, 'src/order.process.ts', optionsOfProject('src/order.process.ts'))
 * ```
 */
export function optionsOfProject(fileName: string): TextOptions {
  const project = new ProjectOptionsReader().of(fileName)
  return {
    decorators: project.decorators,
    emitDecoratorMetadata: project.emitDecoratorMetadata,
    readOtherModule: (specifier, fromFile) => findOtherModule(specifier, fromFile, project),
  }
}
