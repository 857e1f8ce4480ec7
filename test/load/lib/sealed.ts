import { fromHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { deriveClientLayerKey, encodeFrame, encodeV4Request, encryptLayer, type EncryptionType } from '#protocol'
import { toHex } from '#crypto'

/** A frame sealed to a service's X25519 key, as it arrives at `/oxen/v4/lsrpc`. */
export function sealV4(
  serverX25519: string,
  method: string,
  endpoint: string,
  body?: Uint8Array,
  type: EncryptionType = 'aes-gcm',
): Uint8Array {
  const ephemeral = nativeCrypto.x25519.generateKeyPair()
  const server = fromHex(serverX25519, 32)
  if (!server) throw new Error('the service key is not 64 hex digits')
  const key = deriveClientLayerKey(nativeCrypto, type, ephemeral, server)
  const sealed = encryptLayer(nativeCrypto, key, encodeV4Request({ method, endpoint, headers: {} }, body))
  return encodeFrame(sealed, JSON.stringify({ ephemeral_key: toHex(ephemeral.publicKey), enc_type: type }))
}
