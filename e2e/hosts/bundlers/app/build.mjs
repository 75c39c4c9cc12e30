/** `node build.mjs <bundler> <JSON list of builds>`: builds one after the other and prints `{ name, errors, warnings }` for each. */
import * as bundlers from './bundlers.mjs'

const [name, json] = process.argv.slice(2)
for (const { catga = 1, catgaOptions, ...options } of JSON.parse(json)) {
  const { default: plugin } = await import(bundlers.pluginOf[name])
  const plugins = Array.from({ length: catga }, () => plugin(catgaOptions))
  const { build } = await bundlers[name]({ minify: false, bundled: false, ...options, plugins })
  process.stdout.write(`${JSON.stringify({ name: options.name, ...(await build()) })}\n`)
}
