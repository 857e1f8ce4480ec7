/** The id that marks a node without swarm (mailbox RPC §7.2). */
export const NO_SWARM: bigint = 2n ** 64n - 1n

const RING = 2n ** 64n

/**
 * A swarm id for each of `count` nodes, so that every swarm has at least `swarmSize` of them (all are one swarm when there are fewer).
 * Ids stand evenly on the ring of 64 bits, half a step away from zero, and are never `NO_SWARM`. Node i is in swarm i modulo
 * the number of swarms.
 */
export function assignSwarmIds(count: number, swarmSize: number): bigint[] {
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError('count must be a natural number')
  if (!Number.isSafeInteger(swarmSize) || swarmSize < 1) throw new RangeError('swarmSize must be at least 1')
  const swarms = Math.max(1, Math.floor(count / swarmSize))
  const step = RING / BigInt(swarms)
  return Array.from({ length: count }, (_, node) => step * BigInt(node % swarms) + step / 2n)
}
