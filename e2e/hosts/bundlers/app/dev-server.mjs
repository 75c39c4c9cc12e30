/** `node dev-server.mjs <folder>`: Vite's development server. `/run` loads `main.ts` in this process and answers its `run()`. */
import catga from 'catga/vite'
import { createServer } from 'vite'

const loader = {
  name: 'run',
  configureServer(server) {
    server.middlewares.use('/run', (request, response) => {
      server
        .ssrLoadModule('/main.ts')
        .then(({ run }) => run())
        .then(
          (result) => response.end(result),
          (error) => response.writeHead(500).end(error.message),
        )
    })
  },
}
const server = await createServer({
  root: process.argv[2],
  configFile: false,
  logLevel: 'silent',
  appType: 'custom',
  plugins: [catga(), loader],
  server: { port: 0, host: '127.0.0.1', ws: false },
})
await server.listen()
process.stdout.write(`port ${server.httpServer.address().port}\n`)
