import type { Crypto, KeyPair } from '#crypto'
import type { ErrorReply } from '../error-reply.ts'
import type { ExchangeObserver } from '../exchange-observer.ts'
import type { EndpointRouter } from './endpoint-router.ts'
import type { SealedMemory } from './sealed-memory.ts'

/** What the sealed doors work with. */
export interface SealedContext {
  readonly crypto: Crypto
  /** X25519 pairs that requests may be sealed to, the newest first; at least one. */
  readonly keys: readonly KeyPair[]
  readonly router: EndpointRouter
  readonly memory: SealedMemory
  readonly errorReply: ErrorReply
  readonly observer: ExchangeObserver
}
