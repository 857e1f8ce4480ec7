import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Longest notification, in bytes (RFC 8030 §7.2). */
const MAX_BODY_LENGTH = 4_096
const MAX_CONNECTIONS = 64

export interface PushEndpointOptions {
  /** 0 for any that is free. */
  readonly port: number
  /** What nobody can guess, since whoever knows it may send. */
  readonly secret: string
  /** Takes the body of a notification; false when it is none. */
  readonly receive: (body: Uint8Array) => Promise<boolean>
}

/** A push server for one device, on the loopback interface. */
export interface PushEndpoint {
  /** Where notifications are taken. */
  readonly url: string
  /** Host and port. */
  readonly host: string
  close(): Promise<void>
}

/** Listens on 127.0.0.1 as a push server does (RFC 8030 §5). Rejects with the error of the system when the port is taken. */
export async function openPushEndpoint({ port, secret, receive }: PushEndpointOptions): Promise<PushEndpoint> {
  const path = `/${secret}`
  const server = createServer((request, response) => {
    if (request.method !== 'POST' || request.url !== path) {
      response.writeHead(404).end()
      return
    }
    answer(request, receive).then(
      (status) => response.writeHead(status, status === 201 ? { location: `${path}/1` } : {}).end(),
      () => fail(response),
    )
  })
  server.maxConnections = MAX_CONNECTIONS
  const bound = await listenOn(server, port)
  const host = `127.0.0.1:${bound}`
  return { url: `http://${host}${path}`, host, close: () => close(server) }
}

async function answer(request: IncomingMessage, receive: PushEndpointOptions['receive']): Promise<number> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of request as AsyncIterable<Uint8Array>) {
    length += piece.length
    if (length > MAX_BODY_LENGTH) return 413
    pieces.push(piece)
  }
  return (await receive(Buffer.concat(pieces))) ? 201 : 400
}

/** The request broke off, or its message was not taken over: the sender may try again. */
function fail(response: ServerResponse): void {
  if (!response.destroyed) response.writeHead(500).end()
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
