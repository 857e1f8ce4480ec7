/** A node as the network announces it. */
export interface NodeRecord {
  /** IPv4 address in dotted form. */
  readonly publicIp: string
  /** TCP port of the HTTPS endpoint. */
  readonly storagePort: number
  /** UDP port of the QUIC endpoint, if there is one. */
  readonly quicPort?: number
  /** 64 hex digits in lower case. */
  readonly pubkeyEd25519: string
  /** 64 hex digits in lower case, the birational conversion of the Ed25519 key. */
  readonly pubkeyX25519: string
  /** 64 bits; `NO_SWARM` when the node is in none. */
  readonly swarmId: bigint
  /** Version of the storage protocol it speaks; `STORAGE_VERSION` unless given. */
  readonly storageVersion?: StorageVersion
}

/** Major, minor and patch version, each a byte. */
export type StorageVersion = readonly [number, number, number]

/** The storage protocol version that these formats describe. */
export const STORAGE_VERSION: StorageVersion = [2, 11, 0]

/** The records in the order in which every node must give them: by Ed25519 key (onion requests §10.2). */
export function sortNodes<Node extends Pick<NodeRecord, 'pubkeyEd25519'>>(nodes: Iterable<Node>): Node[] {
  return [...nodes].sort((a, b) => (a.pubkeyEd25519 < b.pubkeyEd25519 ? -1 : a.pubkeyEd25519 > b.pubkeyEd25519 ? 1 : 0))
}
