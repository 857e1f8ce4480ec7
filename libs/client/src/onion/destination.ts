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

/** The server at an `http` or `https` URL, whose path and query are not looked at. `x25519`: 64 hex characters. */
export function serverAt(url: URL, x25519: string): ServerDestination {
  const protocol = url.protocol === 'https:' ? 'https' : 'http'
  const port = url.port === '' ? (protocol === 'https' ? 443 : 80) : Number(url.port)
  return { kind: 'server', protocol, host: url.hostname, port, x25519 }
}

export interface NodeDestination {
  readonly kind: 'node'
  readonly node: OnionNode
}

export type Destination = ServerDestination | NodeDestination
