import { fromHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { assignSwarmIds, type RequestSigner, SwarmMap, userSigner } from '#protocol'
import { type DiscoveredNode, type Discovery } from './processes.ts'

/** Nodes and size of swarms that the standalone has unless told otherwise. */
const SWARM_IDS = assignSwarmIds(12, 3)

/** The swarm whose mailboxes are measured: a node answers for its own swarm only. */
export const MEASURED_SWARM = SWARM_IDS[0] as bigint

/** New users whose mailboxes lie in the measured swarm. */
export function swarmUsers(count: number): RequestSigner[] {
  const swarms = new SwarmMap(SWARM_IDS)
  const users: RequestSigner[] = []
  while (users.length < count) {
    const user = userSigner(nativeCrypto, nativeCrypto.randomBytes(32))
    if (swarms.swarmOf(user.account.key) === MEASURED_SWARM) users.push(user)
  }
  return users
}

/** A node of the measured swarm. */
export function swarmNode({ nodes }: Discovery): DiscoveredNode {
  const node = nodes.find(({ swarm_id }) => BigInt(swarm_id) === MEASURED_SWARM)
  if (node === undefined) throw new Error('discovery lists no node of the measured swarm')
  return node
}

/** A path of `length` nodes to the destination, which is none of them. */
export function pathTo(destination: DiscoveredNode, { nodes }: Discovery, length: number): DiscoveredNode[] {
  const others = nodes.filter((node) => node !== destination)
  if (others.length < length) throw new Error('discovery lists too few nodes')
  return others.slice(0, length)
}

/** The X25519 key of a node, 32 bytes. */
export function x25519Of({ pubkey_x25519 }: DiscoveredNode): Uint8Array {
  const key = fromHex(pubkey_x25519, 32)
  if (key === undefined) throw new Error('the node key is not 64 hex digits')
  return key
}
