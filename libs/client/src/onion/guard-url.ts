import { TransportError } from '../errors.ts'
import type { OnionNode } from '../nodes/onion-node.ts'

/** Where a guard takes onion requests. Throws `TransportError` when this client cannot reach it at all. */
export type GuardUrl = (guard: OnionNode) => string

/** The TLS endpoint of a node, with its self-signed certificate (onion requests §4.2). */
export const guardByTls: GuardUrl = ({ host, port }) =>
  `https://${host.includes(':') ? `[${host}]` : host}:${port}/onion_req/v2`

/** The same node at the URL its operator gives for browsers, which accept no self-signed certificate. */
export const guardByUrl: GuardUrl = ({ url }) => {
  if (url === undefined) throw new TransportError('the network names no URL of its nodes that a browser could use')
  return `${url}/onion_req/v2`
}
