import { setImmediate as pause } from 'node:timers/promises'
import { type Crypto, DecryptionError, type KeyPair } from '#crypto'
import { decryptLayer, deriveServerLayerKey, type LayerKey, layerLength, openLayerStream } from '#protocol'
import { SealedLayerError } from '../errors.ts'
import type { SealedContext } from './sealed-context.ts'
import type { SealedFrame } from './sealed-frame.ts'

type KeyRing = Pick<SealedContext, 'crypto' | 'keys' | 'observer'>

/** The plaintext of a layer and the key that the answer is sealed with. */
export interface OpenedLayer {
  readonly layerKey: LayerKey
  readonly plaintext: Uint8Array
}

/** Opens a layer in one go with the first key that fits. Throws `SealedLayerError`. */
export function openLayer(ring: KeyRing, frame: SealedFrame): OpenedLayer {
  for (const [index, pair] of ring.keys.entries()) {
    try {
      const layerKey = deriveKey(ring.crypto, pair, frame)
      const plaintext = decryptLayer(ring.crypto, layerKey, frame.blob)
      if (index > 0) ring.observer.openedWithOldKey()
      return { layerKey, plaintext }
    } catch (cause) {
      if (!(cause instanceof DecryptionError)) throw cause
    }
  }
  throw new SealedLayerError()
}

/** Plaintext of a long layer as it is decrypted; it ends with `DecryptionError` when the tag is wrong. */
export interface LayerStream {
  readonly layerKey: LayerKey
  /** Length of the plaintext in bytes. */
  readonly length: number
  readonly pieces: AsyncGenerator<Uint8Array, void, undefined>
}

/**
 * Begins to open a long layer. A wrong key shows only at the tag, so with several keys the first piece decides: only under the right
 * key does it begin like a list. When none does, each key is tried to the end. Throws `SealedLayerError`.
 */
export async function openLongLayer(ring: KeyRing, frame: SealedFrame): Promise<LayerStream> {
  try {
    const candidates = ring.keys.map((pair) => deriveKey(ring.crypto, pair, frame))
    const index = candidates.length === 1 ? 0 : await chooseKey(ring.crypto, candidates, frame.blob)
    const layerKey = candidates[index]
    if (layerKey === undefined) throw new SealedLayerError()
    if (index > 0) ring.observer.openedWithOldKey()
    const length = frame.blob.length - layerLength(layerKey.type, 0)
    return { layerKey, length, pieces: openLayerStream(ring.crypto, layerKey, frame.blob, pause) }
  } catch (cause) {
    if (cause instanceof DecryptionError) throw new SealedLayerError({ cause })
    throw cause
  }
}

function deriveKey(crypto: Crypto, pair: KeyPair, frame: SealedFrame): LayerKey {
  return deriveServerLayerKey(crypto, frame.encryptionType, pair, frame.ephemeralKey)
}

async function chooseKey(crypto: Crypto, candidates: readonly LayerKey[], blob: Uint8Array): Promise<number> {
  for (const [index, layerKey] of candidates.entries()) {
    const pieces = openLayerStream(crypto, layerKey, blob, pause)
    const first = await pieces.next()
    await pieces.return()
    if (first.done !== true && beginsLikeList(first.value)) return index
  }
  for (const [index, layerKey] of candidates.entries()) {
    if (await isAuthentic(crypto, layerKey, blob)) return index
  }
  return -1
}

/** `l`, a length and a colon; random bytes look like that once in 100,000 times, and the tag then still tells. */
function beginsLikeList(piece: Uint8Array): boolean {
  return /^l[1-9][0-9]{0,7}:\{/.test(
    Buffer.from(piece.buffer, piece.byteOffset, Math.min(piece.length, 11)).toString('latin1'),
  )
}

async function isAuthentic(crypto: Crypto, layerKey: LayerKey, blob: Uint8Array): Promise<boolean> {
  const pieces = openLayerStream(crypto, layerKey, blob, pause)
  try {
    while ((await pieces.next()).done !== true);
    return true
  } catch (cause) {
    if (cause instanceof DecryptionError) return false
    throw cause
  }
}
