/**
 * Compiles source files one at a time while TypeScript emits them, for hosts that hand over files rather than a program.
 */
import { posix, relative, sep } from 'node:path'
import type ts from 'typescript'
import { mayHoldProcess } from '../parse/may-hold-process.ts'
import { type CompiledFile, compileFile } from './compile-file.ts'
import { findOtherModule } from './other-modules.ts'
import { ProjectOptionsReader } from './project-options.ts'

export class SourceFileCompiler {
  readonly #root: string
  readonly #projects = new ProjectOptionsReader()

  /** @param root folder that names in thrown errors are relative to */
  constructor(root: string) {
    this.#root = root
  }

  /** @returns undefined where there is nothing to compile */
  compile(file: ts.SourceFile, options: ts.CompilerOptions): CompiledFile | undefined {
    if (!mayHoldProcess(file.text)) return undefined
    const project = this.#projects.of(file.fileName)
    const compiled = compileFile({
      source: file.text,
      fileName: file.fileName,
      displayName: relative(this.#root, file.fileName).split(sep).join(posix.sep),
      options: {
        decorators: options.experimentalDecorators === true ? 'legacy' : 'standard',
        readOtherModule: (specifier, fromFile) => findOtherModule(specifier, fromFile, project),
      },
    })
    return compiled.plan === undefined && compiled.diagnostics.length === 0 ? undefined : compiled
  }
}
