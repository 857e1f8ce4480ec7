import { createServer as createHttpServer } from 'node:http'
import { createSecureServer, createServer as createHttp2Server, type ServerHttp2Session } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Server, Socket } from 'node:net'
import { selfSignedCertificate } from './certificate.ts'
import { MessageEndpoint } from './message-endpoint.ts'
import type { ReceivedMessage } from './read-request.ts'
import { type FakeServiceAccount, makeServiceAccount } from './service-account.ts'
import { TokenEndpoint } from './token-endpoint.ts'

export interface FcmFakeOptions {
  /** TLS with a certificate of its own (`ca`), as Google has it; without it HTTP/2 in clear. */
  readonly tls?: boolean
  /** Whether messages are kept (unless said otherwise), read only, or counted unread, for measurements. */
  readonly messages?: 'keep' | 'read' | 'count'
  /** Called with each message before it is answered. */
  readonly onMessage?: (message: ReceivedMessage) => void
  /** An account of an earlier fake, to take its place: the same key, and the same port for tokens. */
  readonly account?: FakeServiceAccount
  /** Port for messages; without it any free one. */
  readonly port?: number
  /** Streams of one connection at once. */
  readonly streams?: number
}

/** Firebase Cloud Messaging on loopback. */
export interface FcmFake {
  /** Where messages go, for the provider's `endpoint`. */
  readonly endpoint: string
  readonly messages: MessageEndpoint
  readonly tokens: TokenEndpoint
  /** What belongs into the service account's file. */
  readonly account: FakeServiceAccount
  /** The certificate as PEM; empty without TLS. */
  readonly ca: string
  stop(): Promise<void>
}

export async function startFcmFake(options: FcmFakeOptions = {}): Promise<FcmFake> {
  const certificate = options.tls === true ? await selfSignedCertificate() : undefined
  const handleToken: TokenEndpoint['handle'] = (request, response) => tokens.handle(request, response)
  const tokenServer = certificate ? createHttpsServer(certificate, handleToken) : createHttpServer(handleToken)
  const tokenPort = await listen(tokenServer, Number(new URL(options.account?.token_uri ?? 'http://x:0').port))
  const scheme = certificate ? 'https' : 'http'
  const account = options.account ?? makeServiceAccount(`${scheme}://127.0.0.1:${tokenPort}/token`)
  const tokens = new TokenEndpoint(account)
  const messages = new MessageEndpoint({
    projectId: account.project_id,
    tokens,
    messages: options.messages ?? 'keep',
    onMessage: options.onMessage,
  })
  const settings = { maxConcurrentStreams: options.streams ?? 100, initialWindowSize: 1024 * 1024 }
  const server = certificate ? createSecureServer({ ...certificate, settings }) : createHttp2Server({ settings })
  const sessions = new Set<ServerHttp2Session>()
  server.on('session', (session) => {
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
    messages.handleSession(session)
  })
  server.on('stream', messages.handleStream)
  const sockets = trackSockets(tokenServer)
  const port = await listen(server, options.port ?? 0)
  return {
    endpoint: `${scheme}://127.0.0.1:${port}`,
    messages,
    tokens,
    account,
    ca: certificate?.cert ?? '',
    stop: async () => {
      for (const session of sessions) session.destroy()
      for (const socket of sockets) socket.destroy()
      await Promise.all([close(server), close(tokenServer)])
    },
  }
}

function trackSockets(server: Server): Set<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  return sockets
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return (server.address() as AddressInfo).port
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
