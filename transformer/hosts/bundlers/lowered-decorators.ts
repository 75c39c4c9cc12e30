/**
 * Finds processes whose decorators another tool has lowered to calls: the class is an ordinary one by then, with our decorators
 * as values, and cannot be compiled any more.
 */
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'

/** What decorators are lowered to by TypeScript, tslib, esbuild, swc, Babel and oxc. */
const HELPERS =
  /\b(?:__decorate|__decorateClass|__decorateElement|__esDecorate|_ts_decorate|_decorate|_apply_decs_\w+|_?applyDecs\w*|_applyDecoratedDescriptor)\b/

/** The call in CommonJS output, where the analysis sees no import: `(0, catga_1.CatgaProcess)()`, `_catga.CatgaProcess()`. */
const CALL_IN_COMMONJS = /[\w$]\.CatgaProcess\)?\(/
const REQUIRES_CATGA = /\brequire\(\s*['"]catga['"]\s*\)/

/** A decorator used as a value. */
const USED_AS_VALUE = 'CATGA121'

export interface FoundInModule {
  readonly source: string
  readonly fileName: string
  readonly diagnostics: readonly Diagnostic[]
}

/** The finding that takes the place of all others, or undefined where nothing of ours was lowered. */
export function loweredDecorators({ source, fileName, diagnostics }: FoundInModule): Diagnostic | undefined {
  if (!HELPERS.test(source)) return undefined
  const place = diagnostics.find(({ code }) => code === USED_AS_VALUE)?.span.start ?? callInCommonJs(source)
  if (place === undefined) return undefined
  const span = { start: place, end: place + 'CatgaProcess'.length }
  return { code: USED_AS_VALUE, severity: 'error', message: messageFor(fileName), fileName, span }
}

function callInCommonJs(source: string): number | undefined {
  const call = REQUIRES_CATGA.test(source) ? CALL_IN_COMMONJS.exec(source) : null
  return call === null ? undefined : call.index + 2
}

function messageFor(fileName: string): string {
  const name = packageOf(fileName)
  const what = 'The decorators of this process were lowered before Catga saw them, so it cannot be compiled.'
  return name === undefined
    ? `${what} Put the Catga plugin before the one that compiles TypeScript.`
    : `${what} Package "${name}" ships it like that: it has to be built with Catga (for instance with tspc), or to ship its TypeScript source.`
}

/** Name of the package in `node_modules` that a file belongs to. */
function packageOf(fileName: string): string | undefined {
  const [, path] = /.*[\\/]node_modules[\\/](.+)$/.exec(fileName) ?? []
  const [scope = '', name = ''] = path?.split(/[\\/]/) ?? []
  return path === undefined ? undefined : scope.startsWith('@') ? `${scope}/${name}` : scope
}
