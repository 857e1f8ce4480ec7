import type { ServerControl } from '#protocol'
import { DestinationTimeoutError, type OutgoingGuard } from '#runtime'
import type { OnionObserver } from '../onion/onion-observer.ts'
import { type OnionReply, plainReply } from '../onion/onion-reply.ts'
import { EXIT_HEADERS } from './exit-headers.ts'

/** The way out of the deployment; `OutgoingGuard` is it. */
export type OutsideServers = Pick<OutgoingGuard, 'request' | 'close'>

export interface OutsideExitLimits {
  /** For the whole exchange, in milliseconds. */
  readonly timeoutMs: number
  /** Longest answer in bytes. */
  readonly maxReplyBytes: number
}

/** Hands frames to servers outside the deployment that the operator has listed (onion requests §5.2, §6.5). */
export class OutsideExit {
  constructor(
    private readonly servers: OutsideServers,
    private readonly limits: OutsideExitLimits,
    private readonly observer: OnionObserver,
  ) {}

  /** Posts `frame` to the server that `control` names; its status and body come back unmodified. */
  async post({ protocol, host, port, target }: ServerControl, frame: Uint8Array): Promise<OnionReply> {
    const url = new URL(`${protocol}://${host}:${port}`)
    url.pathname = target
    try {
      const { status, body } = await this.servers.request(url, {
        method: 'POST',
        headers: EXIT_HEADERS,
        body: frame,
        deadlineMs: this.limits.timeoutMs,
        maxReplyBytes: this.limits.maxReplyBytes,
      })
      return { status, body }
    } catch (error) {
      this.observer.failed('outside', error)
      return error instanceof DestinationTimeoutError
        ? plainReply(504, 'Gateway Timeout')
        : plainReply(502, 'Bad Gateway')
    }
  }

  /** Breaks the connections that are kept open. */
  async close(): Promise<void> {
    await this.servers.close()
  }
}
