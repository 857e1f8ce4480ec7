import { nativeCrypto } from '#crypto/native/index'
import { clusterNodeKeys, loadDirectory } from '#nodes'
import type { AccountId } from '#protocol'

/** Where the nodes of a cluster listen. */
export interface ClusterNodes {
  readonly clusterSecret: Uint8Array
  readonly nodeCount: number
  /** Port of the first node. */
  readonly nodePortBase: number
}

/** Says which ports the nodes of an account's swarm listen on. */
export async function swarmPorts({
  clusterSecret,
  nodeCount,
  nodePortBase,
}: ClusterNodes): Promise<(account: AccountId) => readonly number[]> {
  const keys = clusterNodeKeys(nativeCrypto, clusterSecret, nodeCount)
  const config = { publicIp: '127.0.0.1', nodePortBase, swarmSize: 3, nodesFile: undefined }
  const { swarms, own } = await loadDirectory(config, nativeCrypto, keys)
  return ({ key }) => {
    const swarm = swarms.swarmOf(key)
    return own.filter(({ record }) => record.swarmId === swarm).map(({ record }) => record.storagePort)
  }
}
