import type { OnionNode } from '../nodes/onion-node.ts'

/** A server behind the exit that speaks v4 requests (onion requests §5.3). */
export interface ServerDestination {
  readonly kind: 'server'
  readonly protocol: 'http' | 'https'
  /** Name or address without port. */
  readonly host: string
  readonly port: number
  /** X25519 key, 64 hex characters. */
  readonly x25519: string
  /** Default `/oxen/v4/lsrpc`. */
  readonly target?: string
}

export interface NodeDestination {
  readonly kind: 'node'
  readonly node: OnionNode
}

export type Destination = ServerDestination | NodeDestination
