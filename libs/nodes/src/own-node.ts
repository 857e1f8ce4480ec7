import { toHex } from '#crypto'
import type { NodeKeys, NodeRecord } from '#protocol'

/** One of the nodes this gateway is. */
export interface OwnNode {
  /** Number of the node within the cluster, from 0. */
  readonly index: number
  readonly keys: NodeKeys
  readonly record: NodeRecord
}

/** Where the keys of the own nodes come from; the number of pairs is the number of nodes. */
export type NodeKeySource = () => readonly NodeKeys[]

/** The own nodes behind `publicIp`, node number i on port `portBase` + i, with the swarm of the same number. */
export function createOwnNodes(
  keys: readonly NodeKeys[],
  swarmIds: readonly bigint[],
  { publicIp, portBase }: { readonly publicIp: string; readonly portBase: number },
): readonly OwnNode[] {
  return keys.map((nodeKeys, index) => ({
    index,
    keys: nodeKeys,
    record: {
      publicIp,
      storagePort: portBase + index,
      pubkeyEd25519: toHex(nodeKeys.ed25519Public),
      pubkeyX25519: toHex(nodeKeys.x25519.publicKey),
      swarmId: swarmIds[index] as bigint,
    },
  }))
}
