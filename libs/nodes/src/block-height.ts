/** Time between two blocks of the network that clients know, in milliseconds. */
const BLOCK_TIME_MS = 120_000

/**
 * The height in node lists. There is no chain here; clients want a number that grows (onion requests §10.1), and one that follows from the
 * clock is the same at every node.
 */
export function blockHeight(nowMs: number): number {
  return Math.floor(nowMs / BLOCK_TIME_MS)
}
