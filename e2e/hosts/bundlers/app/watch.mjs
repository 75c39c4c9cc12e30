/** `node watch.mjs <bundler> <JSON of one build>`: prints the number and the errors of each build as one line, until it is killed. */
import { bundlerOf, pluginOf } from './bundlers.mjs'

const [name, json] = process.argv.slice(2)
const { default: plugin } = await import(pluginOf[name])
const { watch } = await bundlerOf[name]({ minify: false, bundled: false, ...JSON.parse(json), plugins: [plugin()] })
let builds = 0
await watch(({ errors }) => process.stdout.write(`built ${++builds} ${JSON.stringify(errors.map(({ message }) => message))}\n`))
