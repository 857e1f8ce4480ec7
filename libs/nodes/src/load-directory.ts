import { readFile } from 'node:fs/promises'
import type { Crypto } from '#crypto'
import { assignSwarmIds, type NodeKeys, type NodeRecord } from '#protocol'
import { NodesFileError } from './errors.ts'
import { parseForeignNodes } from './foreign-nodes.ts'
import { NodeDirectory } from './node-directory.ts'
import { createOwnNodes } from './own-node.ts'

/** Where the own nodes are, and who else there is. */
export interface NodesConfig {
  /** Address that is announced for the own nodes. */
  readonly publicIp: string
  /** Port of the first own node; the others follow. */
  readonly nodePortBase: number
  /** Least number of nodes of a swarm. */
  readonly swarmSize: number
  readonly nodesFile: string | undefined
}

/** The own nodes with these keys, and those of other operators from the file in `config`. Rejects with `NodesFileError`. */
export async function loadDirectory(
  config: NodesConfig,
  crypto: Crypto,
  nodeKeys: readonly NodeKeys[],
): Promise<NodeDirectory> {
  const { publicIp, nodePortBase: portBase, swarmSize, nodesFile } = config
  const own = createOwnNodes(nodeKeys, assignSwarmIds(nodeKeys.length, swarmSize), { publicIp, portBase })
  return new NodeDirectory(own, nodesFile === undefined ? [] : await loadForeignNodes(crypto, nodesFile))
}

async function loadForeignNodes(crypto: Crypto, file: string): Promise<readonly NodeRecord[]> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    throw new NodesFileError('cannot be read', { cause })
  }
  return parseForeignNodes(crypto, text)
}
