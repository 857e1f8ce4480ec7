import type { NodeRecord } from '#protocol'
import type { ServiceName } from '../exit/service-name.ts'
import type { NodeDirectory } from '#nodes'
import { VERSION } from '../version.ts'
import type { ServiceDescription } from './service-directory.ts'

/** What `/.well-known/sotto.json` says: enough to use the network without knowing anything else. */
export interface DiscoveryDocument {
  readonly version: string
  readonly nodes: readonly DiscoveredNode[]
  readonly services: Readonly<Partial<Record<ServiceName, DiscoveredService>>>
}

export interface DiscoveredNode {
  readonly public_ip: string
  readonly storage_port: number
  readonly pubkey_ed25519: string
  readonly pubkey_x25519: string
  /** Decimal. */
  readonly swarm_id: string
  /** The node on its gateway's HTTP port; known of own nodes only. */
  readonly url?: string
}

export interface DiscoveredService {
  readonly url: string
  readonly pubkey_ed25519: string
  readonly pubkey_x25519: string
}

/** The document for all nodes of `directory`; `publicUrl` is the gateway's HTTP port as clients reach it. */
export function discoveryDocument(
  directory: NodeDirectory,
  services: ReadonlyMap<ServiceName, ServiceDescription>,
  publicUrl: string,
): DiscoveryDocument {
  return {
    version: VERSION,
    nodes: directory.all.map((node) => ({ ...describeNode(node), ...ownUrl(directory, node, publicUrl) })),
    services: Object.fromEntries(
      [...services].map(([name, { url, pubkeyEd25519, pubkeyX25519 }]) => [
        name,
        { url, pubkey_ed25519: pubkeyEd25519, pubkey_x25519: pubkeyX25519 },
      ]),
    ),
  }
}

function describeNode(node: NodeRecord): DiscoveredNode {
  return {
    public_ip: node.publicIp,
    storage_port: node.storagePort,
    pubkey_ed25519: node.pubkeyEd25519,
    pubkey_x25519: node.pubkeyX25519,
    swarm_id: node.swarmId.toString(),
  }
}

function ownUrl(directory: NodeDirectory, { pubkeyEd25519 }: NodeRecord, publicUrl: string): { url?: string } {
  return directory.findOwn(pubkeyEd25519) === undefined ? {} : { url: `${publicUrl}/nodes/${pubkeyEd25519}` }
}
