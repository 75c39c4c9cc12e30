/** `node watch.mjs <bundler> <JSON of one build>`: prints the number and the errors of each build as one line, until it is killed. */
import * as bundlers from './bundlers.mjs'

const [name, json] = process.argv.slice(2)
const { default: plugin } = await import(bundlers.pluginOf[name])
const { watch } = await bundlers[name]({ minify: false, bundled: false, ...JSON.parse(json), plugins: [plugin()] })
let builds = 0
await watch(({ errors }) => process.stdout.write(`built ${++builds} ${JSON.stringify(errors.map(({ message }) => message))}\n`))
