import { randomBytes, randomFillSync } from 'node:crypto'

const POOL_LENGTH = 4_096
/** Nonces, salts, keys and seeds; whatever is longer is drawn by itself. */
const LONGEST_POOLED = 64

/**
 * Random bytes of the operating system, drawn many at a time: one call costs ten times as much as handing out a nonce. A byte is handed out once and
 * erased from the pool; each thread has a pool of its own.
 */
export function createPooledRandom(fill: (pool: Uint8Array) => void = randomFillSync): (length: number) => Uint8Array {
  const pool = new Uint8Array(POOL_LENGTH)
  let next = POOL_LENGTH
  return (length) => {
    // What is no length that the pool can serve is left to the host to draw or to refuse.
    if (!Number.isInteger(length) || length < 0 || length > LONGEST_POOLED) return randomBytes(length)
    if (next + length > POOL_LENGTH) {
      fill(pool)
      next = 0
    }
    const bytes = pool.slice(next, next + length)
    pool.fill(0, next, next + length)
    next += length
    return bytes
  }
}
