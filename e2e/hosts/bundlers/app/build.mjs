/** `node build.mjs <bundler> <JSON list of builds>`: builds one after the other and prints `{ name, errors, warnings }` for each. */
import { bundlerOf, pluginOf } from './bundlers.mjs'

const [name, json] = process.argv.slice(2)
/** A plugin of somebody else's that puts two lines above a module, with a map of lines alone. */
const twoLinesAbove = (file) => ({
  name: 'two-lines-above',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith(file)) return null
    const mappings = `;;AAAA${';AACA'.repeat(code.split('\n').length - 1)}`
    return { code: `\n\n${code}`, map: { version: 3, names: [], sources: [id], sourcesContent: [code], mappings } }
  },
})

for (const { catga = 1, catgaOptions, shifted, ...options } of JSON.parse(json)) {
  const { default: plugin } = await import(pluginOf[name])
  const plugins = [...(shifted ? [twoLinesAbove(shifted)] : []), ...Array.from({ length: catga }, () => plugin(catgaOptions))]
  const { build } = await bundlerOf[name]({ minify: false, bundled: false, ...options, plugins })
  process.stdout.write(`${JSON.stringify({ name: options.name, ...(await build()) })}\n`)
}
