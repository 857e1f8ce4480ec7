/** A bare Node TLS server: answers the first bytes of each connection with one reply of `<argument>` bytes and closes. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:tls'

const [port, length, key, cert] = process.argv.slice(2) as [string, string, string, string]
const body = Buffer.alloc(Number(length), 7)
const head = `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`
const reply = Buffer.concat([Buffer.from(head, 'latin1'), body])
const server = createServer({ key: readFileSync(key), cert: readFileSync(cert), noDelay: true }, (socket) => {
  socket.once('data', () => socket.end(reply))
  // A client that has its reply may break the connection before both sides have said goodbye.
  socket.on('error', () => socket.destroy())
})
server.listen(Number(port), '127.0.0.1', () => console.log(`listening ${port}`))
