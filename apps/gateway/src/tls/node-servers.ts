import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import { listen } from '#runtime'
import { answerClientError, CHECK_INTERVAL_MS, limitServer, type ServerTimeouts } from '../http/server-limits.ts'
import type { OwnNode } from '#nodes'
import type { Certificate } from './certificate.ts'

/** How long a client may take to agree on TLS, in milliseconds. */
const HANDSHAKE_TIMEOUT_MS = 10_000

/** Answers a request to one of the nodes. */
export type NodeHandler = (node: OwnNode, request: IncomingMessage, response: ServerResponse) => void

export interface NodeServersOptions {
  readonly nodes: readonly OwnNode[]
  readonly certificates: readonly Certificate[]
  readonly host: string
  readonly timeouts: ServerTimeouts
  readonly handler: NodeHandler
}

/** The TLS port of every own node: bare servers with one handler, since desktop clients open a connection for each request. */
export class NodeServers {
  private readonly servers: readonly Server[]

  constructor(private readonly options: NodeServersOptions) {
    this.servers = options.nodes.map((node) => createNodeServer(node, options))
  }

  /** Rejects with `PortUnavailableError`; the ports that could be had are then closed again. */
  async listen(): Promise<void> {
    const { nodes, host } = this.options
    const results = await Promise.allSettled(
      this.servers.map((server, index) =>
        listen(server, { port: nodes[index]?.record.storagePort ?? 0, host, variable: 'SOTTO_NODE_PORT_BASE' }),
      ),
    )
    const failed = results.find((result) => result.status === 'rejected')
    if (failed === undefined) return
    await this.close()
    throw failed.reason
  }

  /** Takes no more connections, and resolves when the open ones are done. */
  async close(): Promise<void> {
    await Promise.all(
      this.servers.map(async (server) => {
        if (!server.listening) return
        const closed = new Promise<void>((resolve) => server.close(() => resolve()))
        server.closeIdleConnections()
        await closed
      }),
    )
  }

  /** Breaks all connections that are still open. */
  destroyConnections(): void {
    for (const server of this.servers) server.closeAllConnections()
  }
}

function createNodeServer(node: OwnNode, { certificates, handler, timeouts }: NodeServersOptions): Server {
  const certificate = certificates[node.index]
  if (certificate === undefined) throw new RangeError('there must be a certificate for each node')
  const server = createServer(
    {
      ...certificate,
      minVersion: 'TLSv1.2',
      keepAlive: true,
      noDelay: true,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
    },
    (request, response) => handler(node, request, response),
  )
  limitServer(server, timeouts)
  server.on('clientError', answerClientError)
  return server
}
