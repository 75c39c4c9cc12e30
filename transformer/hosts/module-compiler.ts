/**
 * Compiles the modules of a project one at a time: what every host does that brings its own TypeScript. It knows the project's
 * options, reads the modules that process code calls into, and says which those were.
 */
import { posix, relative, sep } from 'node:path'
import { codeFrame } from '../diagnostics/code-frame.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { mayHoldProcess } from '../parse/may-hold-process.ts'
import { formatDiagnostic } from './format-diagnostic.ts'
import { findOtherModule } from './other-modules.ts'
import { ProjectOptionsReader } from './project-options.ts'
import { compileText, type TextCompiled } from './text-compile.ts'

export interface ModuleCompilerOptions {
  /** Folder that names in messages and maps are relative to; default the working directory. */
  readonly root?: string
  /** How decorators are lowered after us; default as the file's `tsconfig.json` says. */
  readonly decorators?: 'standard' | 'legacy'
  /** Whether lowering emits the metadata of legacy decorators; default as the file's `tsconfig.json` says. */
  readonly emitDecoratorMetadata?: boolean
}

export interface ModuleCompiled extends TextCompiled {
  /** Files whose change can change this output or its diagnostics, other than the module itself. */
  readonly read: readonly string[]
}

export class ModuleCompiler {
  readonly #root: string
  readonly #options: ModuleCompilerOptions
  readonly #projects = new ProjectOptionsReader()

  constructor(options: ModuleCompilerOptions = {}) {
    this.#root = options.root ?? process.cwd()
    this.#options = options
  }

  /**
   * @param fileName absolute path of the module
   * @param inputMap map of what made this text; the answer's map leads to what that one leads to
   * @returns undefined where there is nothing to compile: the module is to pass through byte for byte
   */
  compile(source: string, fileName: string, inputMap?: object | string): ModuleCompiled | undefined {
    if (!mayHoldProcess(source)) return undefined
    const project = this.#projects.of(fileName)
    const read = new Set(project.configFiles)
    const compiled = compileText(
      source,
      fileName,
      {
        decorators: this.#options.decorators ?? project.decorators,
        emitDecoratorMetadata: this.#options.emitDecoratorMetadata ?? project.emitDecoratorMetadata,
        displayName: relative(this.#root, fileName).split(sep).join(posix.sep),
        readOtherModule: (specifier, fromFile) => {
          const other = findOtherModule(specifier, fromFile, project)
          if (other !== undefined) read.add(other.fileName)
          return other
        },
      },
      inputMap,
    )
    return compiled.map === undefined && compiled.diagnostics.length === 0 ? undefined : { ...compiled, read: [...read] }
  }

  /** To be called when a `tsconfig.json` may have changed. */
  forgetProjects(): void {
    this.#projects.forget()
  }
}

/** A finding as people read it: place, code, message, and the lines it is about. */
export function describeDiagnostic(diagnostic: Diagnostic, source: string): string {
  // Offsets count from after a byte order mark.
  const text = source.replace(/^\uFEFF/, '')
  return `${formatDiagnostic(diagnostic, text)}\n${codeFrame(text, diagnostic.span)}`
}
