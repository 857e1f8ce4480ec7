import { setImmediate } from 'node:timers/promises'
import type { Crypto, KeyPair } from '#crypto'
import { decryptLayer, decryptLayerInPlace, deriveServerLayerKey, LARGE_LAYER_LENGTH, type LayerKey } from '#protocol'
import type { OnionRequest } from './onion-request.ts'

/** A layer that a node could decrypt, and the key with which it would answer. */
export interface OpenedLayer {
  readonly key: LayerKey
  readonly plaintext: Uint8Array
}

/** Decrypts the layer of `request`; a long one in place and in pieces, so that other requests go on. Rejects with `DecryptionError`. */
export async function openLayer(crypto: Crypto, keys: KeyPair, request: OnionRequest): Promise<OpenedLayer> {
  const { sealed, encryptionType, ephemeralKey } = request
  const key = deriveServerLayerKey(crypto, encryptionType, keys, ephemeralKey)
  const plaintext =
    sealed.length > LARGE_LAYER_LENGTH
      ? await decryptLayerInPlace(crypto, key, sealed, pause)
      : decryptLayer(crypto, key, sealed)
  return { key, plaintext }
}

async function pause(): Promise<void> {
  await setImmediate()
}
