import { join } from 'node:path'
import type { Crypto } from '#crypto'
import { deriveNodeKeys, type NodeKeys } from '#protocol'
import { loadOrCreateSecret } from '#runtime'

const SECRET_LENGTH = 32

/** The secret of the cluster: the given one, or the one in the data directory, which is made there on first start. Throws `SecretFileError`. */
export function loadClusterSecret(crypto: Crypto, dataDirectory: string, given: Uint8Array | undefined): Uint8Array {
  if (given !== undefined) return given
  return loadOrCreateSecret({
    file: join(dataDirectory, 'cluster-secret'),
    length: SECRET_LENGTH,
    randomBytes: (length) => crypto.randomBytes(length),
  })
}

/** The keys of the first `count` nodes of the cluster with this 32-byte secret. */
export function clusterNodeKeys(crypto: Crypto, clusterSecret: Uint8Array, count: number): readonly NodeKeys[] {
  return Array.from({ length: count }, (_, index) => deriveNodeKeys(crypto, clusterSecret, index))
}
