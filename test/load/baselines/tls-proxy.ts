/** A bare Node TLS server that forwards each body to `http://127.0.0.1:<argument>/` over kept-alive connections and passes the reply on. */
import { readFileSync } from 'node:fs'
import { Agent, request as forward } from 'node:http'
import { createServer } from 'node:https'

const [target, key, cert] = process.argv.slice(2) as [string, string, string]
const agent = new Agent({ keepAlive: true })
const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
  const pieces: Buffer[] = []
  request.on('data', (piece: Buffer) => pieces.push(piece))
  request.on('end', () => {
    const body = Buffer.concat(pieces)
    const outgoing = forward(
      {
        agent,
        port: Number(target),
        host: '127.0.0.1',
        method: 'POST',
        path: '/',
        headers: { 'content-length': body.length },
      },
      (reply) => {
        response.writeHead(reply.statusCode ?? 502, { 'content-length': reply.headers['content-length'] ?? '0' })
        reply.pipe(response)
      },
    )
    outgoing.end(body)
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(`listening ${typeof address === 'object' && address ? address.port : 0}`)
})
