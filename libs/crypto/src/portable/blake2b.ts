import { blake2b as nobleBlake2b } from '@noble/hashes/blake2.js'

import { type Blake2bOptions, type IncrementalHash } from '../crypto.ts'

/** BLAKE2b (RFC 7693) of `message` in one go. */
export function blake2b(message: Uint8Array, options: Blake2bOptions): Uint8Array {
  return nobleBlake2b(message, toNobleOptions(options))
}

/** BLAKE2b fed piece by piece. */
export function createBlake2b(options: Blake2bOptions): IncrementalHash {
  const hash = nobleBlake2b.create(toNobleOptions(options))
  return {
    update(data) {
      hash.update(data)
      return this
    },
    digest: () => hash.digest(),
  }
}

function toNobleOptions({ length, key, salt, personalization }: Blake2bOptions): Parameters<typeof nobleBlake2b>[1] {
  return {
    dkLen: length,
    ...(key && { key }),
    ...(salt && { salt }),
    ...(personalization && { personalization }),
  }
}
