/** `node build.mjs <bundler> <JSON list of builds>`: builds one after the other and prints `{ name, errors, warnings }` for each. */
import { bundlerOf, pluginOf } from './bundlers.mjs'

const [name, json] = process.argv.slice(2)
for (const { catga = 1, catgaOptions, ...options } of JSON.parse(json)) {
  const { default: plugin } = await import(pluginOf[name])
  const plugins = Array.from({ length: catga }, () => plugin(catgaOptions))
  const { build } = await bundlerOf[name]({ minify: false, bundled: false, ...options, plugins })
  process.stdout.write(`${JSON.stringify({ name: options.name, ...(await build()) })}\n`)
}
