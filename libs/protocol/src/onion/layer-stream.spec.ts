import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { concat, type Crypto, DecryptionError } from '#crypto'
import {
  decryptLayer,
  decryptLayerInPlace,
  deriveServerLayerKey,
  encryptLayer,
  encryptLayerStream,
  type EncryptionType,
  LAYER_PIECE_LENGTH,
  type LayerKey,
  layerLength,
  layerOverhead,
  openLayerStream,
} from './index.ts'
import { implementations } from './vectors.suite.ts'

const TYPES: readonly EncryptionType[] = ['aes-cbc', 'aes-gcm', 'xchacha20']
const LENGTHS = [
  0,
  1,
  15,
  16,
  LAYER_PIECE_LENGTH - 1,
  LAYER_PIECE_LENGTH,
  LAYER_PIECE_LENGTH + 1,
  3 * LAYER_PIECE_LENGTH + 7,
]
const cases = implementations.flatMap(([name, crypto]) => TYPES.map((type) => ({ name, crypto, type })))
const pause = (): Promise<void> => Promise.resolve()

function keyOf(crypto: Crypto, type: EncryptionType): LayerKey {
  return { type, key: crypto.randomBytes(32) }
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const piece of pieces) parts.push(Uint8Array.from(piece))
  return concat(...parts)
}

function patterned(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 0xff)
}

describe.each(cases)('$type layers with $name crypto', ({ crypto, type }) => {
  it('have the announced length and open again, for any plaintext', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (plaintext) => {
        const layerKey = keyOf(crypto, type)
        const layer = encryptLayer(crypto, layerKey, plaintext)
        expect(layer).toHaveLength(layerLength(type, plaintext.length))
        expect(decryptLayer(crypto, layerKey, layer)).toEqual(plaintext)
      }),
      { numRuns: 30 },
    )
  })

  it('have a new nonce each time', () => {
    const layerKey = keyOf(crypto, type)
    expect(encryptLayer(crypto, layerKey, patterned(9))).not.toEqual(encryptLayer(crypto, layerKey, patterned(9)))
  })

  it.each(LENGTHS)('open over their own memory with %i bytes', async (length) => {
    const layerKey = keyOf(crypto, type)
    const layer = encryptLayer(crypto, layerKey, patterned(length))
    const opened = await decryptLayerInPlace(crypto, layerKey, layer, pause)
    expect(Buffer.compare(opened, patterned(length))).toBe(0)
    expect(opened.buffer).toBe(layer.buffer)
  })

  it('let other work run after each piece', async () => {
    const layerKey = keyOf(crypto, type)
    const layer = encryptLayer(crypto, layerKey, patterned(2 * LAYER_PIECE_LENGTH + 1))
    let pauses = 0
    await decryptLayerInPlace(crypto, layerKey, layer, async () => void pauses++)
    expect(pauses).toBe(type === 'aes-cbc' ? 1 : 3)
  })

  it('leave nothing behind when they are not authentic', async () => {
    const layerKey = keyOf(crypto, type)
    const layer = encryptLayer(crypto, layerKey, patterned(2 * LAYER_PIECE_LENGTH))
    const damaged = layer.subarray(0, layer.length - 1)
    await expect(decryptLayerInPlace(crypto, layerKey, damaged, pause)).rejects.toThrow(DecryptionError)
    expect(damaged.every((byte) => byte === 0)).toBe(true)
  })

  it.each(LENGTHS)('are written and read as streams with %i bytes', async (length) => {
    const layerKey = keyOf(crypto, type)
    const plaintext = patterned(length)
    const chunks = [plaintext.subarray(0, 5), plaintext.subarray(5, 100), plaintext.subarray(100)]
    const layer = await collect(encryptLayerStream(crypto, layerKey, chunks))
    expect(layer).toHaveLength(layerLength(type, length))
    expect(Buffer.compare(decryptLayer(crypto, layerKey, layer), plaintext)).toBe(0)
    const opened = await collect(openLayerStream(crypto, layerKey, layer, pause))
    expect(Buffer.compare(opened, plaintext)).toBe(0)
  })

  it('are the same bytes as a stream and at once', async () => {
    const layerKey = keyOf(crypto, type)
    const layer = encryptLayer(crypto, layerKey, patterned(1_000))
    const nonce = layer.slice(0, layerOverhead(type).nonceLength)
    expect(await collect(encryptLayerStream(crypto, layerKey, [patterned(1_000)], nonce))).toEqual(layer)
  })

  it('end a stream with an error when the key is wrong', async () => {
    // A fixed nonce: under one in 256 a wrong key gives valid CBC padding, and the type has nothing else to tell by (onion requests §3).
    const nonce = new Uint8Array(layerOverhead(type).nonceLength).fill(3)
    const layer = encryptLayer(crypto, { type, key: new Uint8Array(32).fill(1) }, patterned(100), nonce)
    const opened = collect(openLayerStream(crypto, { type, key: new Uint8Array(32).fill(2) }, layer, pause))
    await expect(opened).rejects.toThrow(DecryptionError)
  })

  it('are refused in one and the same way, whatever is wrong', async () => {
    const layerKey = keyOf(crypto, type)
    const layer = encryptLayer(crypto, layerKey, patterned(40))
    const refusals = [new Uint8Array(0), layer.subarray(0, layerLength(type, 0) - 1), layer.subarray(0, -1)]
    for (const wrong of refusals) {
      expect(() => decryptLayer(crypto, layerKey, wrong)).toThrow('decryption failed')
      await expect(collect(openLayerStream(crypto, layerKey, wrong, pause))).rejects.toThrow('decryption failed')
      await expect(decryptLayerInPlace(crypto, layerKey, wrong.slice(), pause)).rejects.toThrow('decryption failed')
    }
  })

  it('throw nothing but DecryptionError on damaged input', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 100 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (plaintext, at, flip) => {
          const layerKey = keyOf(crypto, type)
          const layer = encryptLayer(crypto, layerKey, plaintext)
          layer[at % layer.length] = (layer[at % layer.length] ?? 0) ^ flip
          try {
            expect(decryptLayer(crypto, layerKey, layer)).not.toEqual(plaintext)
            expect(type).toBe('aes-cbc')
          } catch (error) {
            if (!(error instanceof DecryptionError)) throw error
          }
        },
      ),
      { numRuns: 50 },
    )
  })

  it('have no key for an ephemeral key that gives an all-zero secret', () => {
    const server = crypto.x25519.generateKeyPair()
    expect(() => deriveServerLayerKey(crypto, type, server, new Uint8Array(32))).toThrow(DecryptionError)
  })
})
