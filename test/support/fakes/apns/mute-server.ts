import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:tls'
import { loopbackCertificate } from './loopback-certificate.ts'

export interface MuteServer {
  readonly endpoint: string
  readonly ca: string
  /** Connections that are open now. */
  readonly sockets: number
  close(): Promise<void>
}

/** An empty SETTINGS frame (RFC 9113 §6.5): the whole greeting of a server. */
const SETTINGS = Buffer.from('000000040000000000', 'hex')

/** An HTTP/2 server that greets, or not even that, and never says a word again: it looks like a peer behind a dead network. */
export async function startMuteServer({ greets = true } = {}): Promise<MuteServer> {
  const { key, cert } = await loopbackCertificate()
  const sockets = new Set<Socket>()
  // With half-open connections its side stays open when the client ends.
  const server = createServer({ key, cert, ALPNProtocols: ['h2'], allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined)
    socket.resume()
    if (greets) socket.write(SETTINGS)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ca: cert,
    get sockets() {
      return sockets.size
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
