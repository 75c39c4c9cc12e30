/**
 * Checks that everything the public entries export has a docstring.
 *
 *   node scripts/check/docstrings.mjs
 */
import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const entries = ['runtime/index.ts', 'runtime/emitted.ts', 'runtime/sqlite/index.ts', 'runtime/testing/index.ts', 'transformer/index.ts']
  .concat(['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'esbuild'].map((name) => `transformer/hosts/bundlers/${name}.ts`))
  .map((entry) => join(root, entry))
  .filter((entry) => existsSync(entry))

const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
const program = ts.createProgram(entries, options)
const checker = program.getTypeChecker()

let exports = 0
const missing = []
for (const entry of entries) {
  const source = program.getSourceFile(entry)
  const module = source && checker.getSymbolAtLocation(source)
  if (!module) continue
  for (const exported of checker.getExportsOfModule(module)) {
    exports++
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
    if (symbol.getDocumentationComment(checker).length === 0 && !isDocumentedWhereExported(exported)) {
      const place = symbol.declarations?.[0]?.getSourceFile().fileName ?? entry
      missing.push(`${relative(root, place)}: ${exported.name}, exported by ${relative(root, entry)}, has no docstring`)
    }
  }
}

for (const line of new Set(missing)) console.error(line)
console.log(`${exports} public exports, ${missing.length} without a docstring`)
process.exitCode = missing.length === 0 ? 0 : 1

/** `export default name` with a comment of its own. */
function isDocumentedWhereExported(symbol) {
  return symbol.declarations?.some((node) => ts.getJSDocCommentsAndTags(node).length > 0) === true
}
