import type { IncomingMessage } from 'node:http'
import { type Crypto, toHex, utf8 } from '#crypto'
import { RequestAbortedError, TooManyRequestsError } from '../errors.ts'
import { clientPrefix } from './client-prefix.ts'
import { type Take, TokenBuckets, type TokenLimits } from './token-buckets.ts'

const KEY_LENGTH = 32
const HASH_LENGTH = 16

export interface RpcRateLimitOptions {
  readonly crypto: Crypto
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number
  /** Told of every request that is refused. */
  readonly refused: (reason: Exclude<Take, 'taken'>) => void
}

/**
 * Limits how often one client may send storage requests without an onion around them (mailbox RPC §7.4). It remembers no address, only
 * a hash of it under a key that lives as long as the process, and that no longer than the client's bucket is not full.
 */
export class RpcRateLimit {
  private readonly buckets: TokenBuckets
  private readonly key: Uint8Array
  private readonly refillMs: number
  private sweeping = false

  constructor(
    limits: TokenLimits,
    private readonly options: RpcRateLimitOptions,
  ) {
    this.buckets = new TokenBuckets(limits, options.now)
    this.key = options.crypto.randomBytes(KEY_LENGTH)
    this.refillMs = Math.ceil((1000 * limits.burst) / limits.perSecond)
  }

  /** Number of clients that are remembered. */
  get tracked(): number {
    return this.buckets.size
  }

  /** Takes a token of the client behind `request`. Throws `TooManyRequestsError`, or `RequestAbortedError` when it is gone. */
  admit({ socket: { remoteAddress } }: IncomingMessage): void {
    if (remoteAddress === undefined) throw new RequestAbortedError()
    const { crypto, refused } = this.options
    const message = utf8(clientPrefix(remoteAddress))
    const take = this.buckets.take(toHex(crypto.blake2b(message, { length: HASH_LENGTH, key: this.key })))
    this.sweepLater()
    if (take === 'taken') return
    refused(take)
    throw new TooManyRequestsError()
  }

  /** One timer for all clients forgets those that have not come back; it ends when nobody is remembered. */
  private sweepLater(): void {
    if (this.sweeping) return
    this.sweeping = true
    setTimeout(() => {
      this.sweeping = false
      this.buckets.sweep()
      if (this.buckets.size > 0) this.sweepLater()
    }, this.refillMs).unref()
  }
}
