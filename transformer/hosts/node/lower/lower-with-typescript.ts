import type ts from 'typescript'
import type { Lower, LowerModule } from './lowering.ts'

export type TypeScript = typeof ts

/** TypeScript 7 has the name and not the functions. */
export function isTypeScript(tool: unknown): tool is TypeScript {
  return typeof (tool as Partial<TypeScript> | undefined)?.transpileModule === 'function'
}

export function lowerWithTypeScript(ts: TypeScript): Lower {
  return (module) => {
    const { code, options } = module
    const { outputText, sourceMapText = '' } = ts.transpileModule(code, {
      fileName: nameFor(module),
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        ...formatOptions(ts, module),
        allowJs: true,
        esModuleInterop: true,
        sourceMap: true,
        experimentalDecorators: options.experimentalDecorators,
        emitDecoratorMetadata: options.emitDecoratorMetadata,
        useDefineForClassFields: options.useDefineForClassFields,
        jsx: { react: ts.JsxEmit.React, 'react-jsx': ts.JsxEmit.ReactJSX, 'react-jsxdev': ts.JsxEmit.ReactJSXDev }[options.jsx],
        ...(options.jsxFactory !== undefined && { jsxFactory: options.jsxFactory }),
        ...(options.jsxFragmentFactory !== undefined && { jsxFragmentFactory: options.jsxFragmentFactory }),
        ...(options.jsxImportSource !== undefined && { jsxImportSource: options.jsxImportSource }),
      },
    })
    return { code: outputText.replace(/\/\/# sourceMappingURL=.*\s*$/, ''), map: sourceMapText }
  }
}

/** By its extension a file under `module: node16` is of one format, and its `import()` stays what it is. */
function formatOptions(ts: TypeScript, { format, options }: LowerModule): ts.CompilerOptions {
  if (format === 'module') return { module: ts.ModuleKind.ESNext, verbatimModuleSyntax: options.verbatimModuleSyntax }
  return { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 }
}

function nameFor({ fileName, format }: LowerModule): string {
  return format === 'module' ? fileName : fileName.replace(/\.([cm]?)([jt])s$/, '.c$2s')
}
