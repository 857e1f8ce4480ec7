import { Agent, request } from 'node:https'
import { encodeMailboxRequest, type MailboxRequest } from '#protocol'

/** What a node has answered. */
export interface PlainAnswer {
  readonly status: number
  readonly body: string
}

const ANSWER_MS = 4_000

/** A client of nodes on this machine, without an onion, over TLS connections that it keeps. */
export class PlainRpc {
  readonly #agent: Agent
  readonly #answerMs: number

  /** `localAddress` is the loopback address that it comes from. */
  constructor({
    localAddress = '127.0.0.1',
    answerMs = ANSWER_MS,
  }: { readonly localAddress?: string; readonly answerMs?: number } = {}) {
    this.#agent = new Agent({ keepAlive: true, localAddress, rejectUnauthorized: false })
    this.#answerMs = answerMs
  }

  /** Asks the node on `port`; rejects when the connection breaks or the answer takes too long. */
  call(port: number, rpc: MailboxRequest): Promise<PlainAnswer> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          host: '127.0.0.1',
          port,
          path: '/storage_rpc/v1',
          method: 'POST',
          agent: this.#agent,
          signal: AbortSignal.timeout(this.#answerMs),
        },
        (reply) => {
          const pieces: Buffer[] = []
          reply.on('data', (piece: Buffer) => pieces.push(piece))
          reply.on('error', reject)
          reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body: Buffer.concat(pieces).toString() }))
        },
      )
      outgoing.on('error', reject)
      outgoing.end(encodeMailboxRequest(rpc))
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}
