/** Bare Fastify: what the framework alone can do on this machine. `GET /` sends 10 kB from memory, `POST /` takes a body and answers. */
import Fastify from 'fastify'

const app = Fastify({ bodyLimit: 16 * 1024 * 1024 })
const small = Buffer.alloc(10_000, 7)
const large = Buffer.alloc(10_000_000, 7)
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
  done(null, body)
})
app.get('/', (_request, reply) => reply.type('application/octet-stream').send(small))
app.get('/large', (_request, reply) => reply.type('application/octet-stream').send(large))
app.post('/', () => ({ id: 'x', expires: 1 }))
app.post('/oxen/v4/lsrpc', () => ({ id: 'x', expires: 1 }))
await app.listen({ port: 0, host: '127.0.0.1' })
const address = app.server.address()
console.log(`listening ${typeof address === 'object' && address ? address.port : 0}`)
