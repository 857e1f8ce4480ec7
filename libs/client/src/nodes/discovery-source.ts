import type { Crypto } from '#crypto'
import type { Transport } from '../transport/transport.ts'
import { DirectoryUnavailableError } from './errors.ts'
import { isRecord, jsonReply } from './json-reply.ts'
import { type NetworkDescription, type NodeSource, type ServiceRecord, SOURCE_TIMEOUT_MS } from './node-source.ts'
import { type OnionNode, parseKeys, parseOnionNode } from './onion-node.ts'

/** The list in a network's own discovery document, `<network>/.well-known/sotto.json`. */
export function discoverySource(crypto: Crypto, transport: Transport, network: string): NodeSource {
  const url = `${network.replace(/\/$/, '')}/.well-known/sotto.json`
  return {
    load: async () => parseDiscovery(crypto, jsonReply(await transport.get(url, { timeoutMs: SOURCE_TIMEOUT_MS }))),
  }
}

/** What a discovery document says. Nodes that are not usable are left out. Throws `DirectoryUnavailableError`. */
export function parseDiscovery(crypto: Crypto, document: Readonly<Record<string, unknown>>): NetworkDescription {
  const { nodes, services } = document
  if (!Array.isArray(nodes)) throw new DirectoryUnavailableError()
  const named = isRecord(services) ? services : {}
  const attachments = parseService(crypto, named['attachments'])
  const push = parseService(crypto, named['push'])
  return { nodes: usableNodes(crypto, nodes), services: { ...(attachments && { attachments }), ...(push && { push }) } }
}

/** The usable entries of a node list, each key once. */
export function usableNodes(crypto: Crypto, entries: readonly unknown[]): readonly OnionNode[] {
  const nodes = new Map<string, OnionNode>()
  for (const entry of entries) {
    const node = parseOnionNode(crypto, entry)
    if (node !== undefined) nodes.set(node.ed25519, node)
  }
  return [...nodes.values()]
}

function parseService(crypto: Crypto, service: unknown): ServiceRecord | undefined {
  if (!isRecord(service)) return undefined
  const { url, pubkey_ed25519, pubkey_x25519 } = service
  const keys = parseKeys(crypto, pubkey_ed25519, pubkey_x25519)
  if (typeof url !== 'string' || !URL.canParse(url) || keys === undefined) return undefined
  return { url: url.replace(/\/$/, ''), ...keys }
}
