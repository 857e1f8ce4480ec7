import { NO_SWARM } from '#protocol'

const MASK = 2n ** 64n - 1n

/**
 * The swarm that serves an account with this 32-byte key, out of `swarmIds`: the nearest on the ring of 64 bits, the lower one of two
 * that are equally near (mailbox RPC §7.2). Undefined when there is no swarm.
 */
export function swarmOf(key: Uint8Array, swarmIds: Iterable<bigint>): bigint | undefined {
  const ids = [...swarmIds].filter((id) => id !== NO_SWARM).sort((a, b) => (a < b ? -1 : 1))
  const position = positionOf(key)
  const right = ids.find((id) => id >= position) ?? ids[0]
  const left = ids.findLast((id) => id < position) ?? ids.at(-1)
  if (right === undefined || left === undefined) return undefined
  return ((right - position) & MASK) < ((position - left) & MASK) ? right : left
}

function positionOf(key: Uint8Array): bigint {
  const view = new DataView(key.buffer, key.byteOffset, key.length)
  return view.getBigUint64(0) ^ view.getBigUint64(8) ^ view.getBigUint64(16) ^ view.getBigUint64(24)
}
