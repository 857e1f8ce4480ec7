import { Agent, errors } from 'undici'
import { encodeForeignRelay, type NodeRecord } from '#protocol'
import { contentLength } from '../http/content-length.ts'
import type { OnionObserver } from './onion-observer.ts'
import { type OnionReply, plainReply } from './onion-reply.ts'
import type { OnionRequest } from './onion-request.ts'
import { unreachable } from './relay.ts'

/** How long connecting to another operator's node may take, in milliseconds. */
const CONNECT_TIMEOUT_MS = 10_000
/** Connections that are kept open to each node. */
const CONNECTIONS_PER_NODE = 64
/** Longest `Service node is not ready: …` that is read to be reworded, in bytes. */
const MAX_REFUSAL_LENGTH = 1_024

/** Hands layers to other operators' nodes by HTTPS. */
export class ForeignRelay {
  private readonly agent: Agent

  constructor(
    timeoutMs: number,
    private readonly observer: OnionObserver,
  ) {
    this.agent = new Agent({
      connections: CONNECTIONS_PER_NODE,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      // The certificate of a node is self-signed; who it is shows by its being able to open the layer (onion requests §4.2).
      connect: { rejectUnauthorized: false, timeout: CONNECT_TIMEOUT_MS },
    })
  }

  /** Posts `request` to `node` and gives what it answers, or the answers of onion requests §6.3 when it does not. */
  async send(node: NodeRecord, request: OnionRequest): Promise<OnionReply> {
    try {
      return await this.post(node, request)
    } catch (error) {
      this.observer.failed('foreign-node', error)
      if (error instanceof errors.HeadersTimeoutError) return plainReply(504, 'Request time out')
      if (error instanceof errors.HTTPParserError) return plainReply(500, 'Invalid response from snode')
      return unreachable(node.pubkeyEd25519)
    }
  }

  /** Closes the connections when the requests on them are done. */
  async close(): Promise<void> {
    await this.agent.close()
  }

  private async post(node: NodeRecord, { sealed, ...rest }: OnionRequest): Promise<OnionReply> {
    const { statusCode, headers, body } = await this.agent.request({
      origin: `https://${node.publicIp}:${node.storagePort}`,
      path: '/onion_req/v2',
      method: 'POST',
      body: encodeForeignRelay({ data: sealed, ...rest }),
    })
    const length = contentLength(headers['content-length'])
    if (statusCode === 503 && length !== undefined && length <= MAX_REFUSAL_LENGTH) {
      return plainReply(503, hopRefusal(node, await body.text()))
    }
    return { status: statusCode, body: { length, stream: body } }
  }
}

/** A node that drains answers as the guard it may be; seen from a relay it is a hop, and the client has to learn which one. */
function hopRefusal({ pubkeyEd25519 }: NodeRecord, text: string): string {
  return text.startsWith('Service node is not ready: ') ? `Snode not ready: ${pubkeyEd25519}` : text
}
