import { type Aead, concat, type Crypto, freeBytes } from '#crypto'
import type { EncryptionType } from './encryption-type.ts'
import { decryptLayer, encryptLayer, type LayerKey, layerOverhead, requireLayerLength } from './layer.ts'

/** Bytes that are encrypted or decrypted between two pauses. */
export const LAYER_PIECE_LENGTH = 262_144
/** Length above which a server decrypts a layer piece by piece, in bytes. */
export const LARGE_LAYER_LENGTH = 65_536

/** Lets other work run between two pieces, for example by waiting for `setImmediate`. */
export type Pause = () => Promise<void>

/**
 * Decrypts a long layer over its own memory, `LAYER_PIECE_LENGTH` bytes at a time with a pause after each piece. The result is a
 * view of `ciphertext`, which the caller gives up. Throws `DecryptionError`; the memory is then zero. `aes-cbc`, which no current
 * client sends, is decrypted in one go.
 */
export async function decryptLayerInPlace(
  crypto: Crypto,
  layerKey: LayerKey,
  ciphertext: Uint8Array,
  pause: Pause,
): Promise<Uint8Array> {
  const start = layerOverhead(layerKey.type).nonceLength
  let end = start
  try {
    for await (const piece of openLayerStream(crypto, layerKey, ciphertext, pause)) {
      ciphertext.set(piece, end)
      end += piece.length
      freeBytes(piece)
    }
  } catch (cause) {
    ciphertext.fill(0)
    throw cause
  }
  return ciphertext.subarray(start, end)
}

/**
 * Plaintext of a long layer, piece by piece with a pause after each. Nothing it gives is authentic before it has ended without error:
 * it throws `DecryptionError` at the end when the tag is wrong.
 */
export async function* openLayerStream(
  crypto: Crypto,
  layerKey: LayerKey,
  ciphertext: Uint8Array,
  pause: Pause,
): AsyncGenerator<Uint8Array, void, undefined> {
  requireLayerLength(layerKey.type, ciphertext)
  const aead = streamingAead(crypto, layerKey.type)
  if (aead === undefined) {
    yield decryptLayer(crypto, layerKey, ciphertext)
    await pause()
    return
  }
  const { nonceLength, tagLength } = layerOverhead(layerKey.type)
  const end = ciphertext.length - tagLength
  const tag = ciphertext.subarray(end)
  const decryptor = aead.createDecryptor(layerKey.key, ciphertext.subarray(0, nonceLength))
  for (let start = nonceLength; start < end; start += LAYER_PIECE_LENGTH) {
    const piece = decryptor.update(ciphertext.subarray(start, Math.min(start + LAYER_PIECE_LENGTH, end)))
    if (piece.length > 0) yield piece
    await pause()
  }
  const rest = decryptor.final(tag)
  if (rest.length > 0) yield rest
}

/** A layer around `chunks` without holding them: the nonce first (random unless given), the tag last. `aes-cbc` holds them back. */
export async function* encryptLayerStream(
  crypto: Crypto,
  layerKey: LayerKey,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  nonce: Uint8Array = crypto.randomBytes(layerOverhead(layerKey.type).nonceLength),
): AsyncGenerator<Uint8Array, void, undefined> {
  const aead = streamingAead(crypto, layerKey.type)
  if (aead === undefined) {
    const parts: Uint8Array[] = []
    for await (const chunk of chunks) parts.push(Uint8Array.from(chunk))
    yield encryptLayer(crypto, layerKey, concat(...parts), nonce)
    return
  }
  const encryptor = aead.createEncryptor(layerKey.key, nonce)
  yield nonce
  for await (const chunk of chunks) {
    const piece = encryptor.update(chunk)
    if (piece.length > 0) yield piece
  }
  yield encryptor.final()
}

/**
 * Encrypts the `length` bytes of plaintext that stand at `start + nonceLength` of `memory` over themselves, so that the layer fills
 * `memory` from `start` on. The caller leaves room for nonce and tag: `layerLength(type, length)` bytes in all.
 */
export function encryptLayerInPlace(
  crypto: Crypto,
  layerKey: LayerKey,
  memory: Uint8Array,
  start: number,
  length: number,
  nonce: Uint8Array = crypto.randomBytes(layerOverhead(layerKey.type).nonceLength),
): void {
  memory.set(nonce, start)
  const first = start + nonce.length
  const plaintext = memory.subarray(first, first + length)
  const aead = streamingAead(crypto, layerKey.type)
  if (aead === undefined || length <= LAYER_PIECE_LENGTH) {
    memory.set(encryptLayer(crypto, layerKey, plaintext, nonce), start)
    return
  }
  const encryptor = aead.createEncryptor(layerKey.key, nonce)
  let end = first
  for (let at = 0; at < length; at += LAYER_PIECE_LENGTH) {
    const piece = encryptor.update(plaintext.subarray(at, at + LAYER_PIECE_LENGTH))
    memory.set(piece, end)
    end += piece.length
  }
  memory.set(encryptor.final(), end)
}

function streamingAead(crypto: Crypto, type: EncryptionType): Aead | undefined {
  switch (type) {
    case 'aes-cbc':
      return undefined
    case 'aes-gcm':
      return crypto.aes256Gcm
    case 'xchacha20':
      return crypto.xchacha20Poly1305
  }
}
