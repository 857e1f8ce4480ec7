import { fromHex, toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import {
  decryptLayer,
  deriveClientLayerKey,
  encodeFrame,
  encodeV4Request,
  encryptLayer,
  type EncryptionType,
  type LayerKey,
  parseV4Reply,
} from '#protocol'

/** A sealed request and what opens its reply. */
export interface SealedV4 {
  readonly frame: Uint8Array
  readonly key: LayerKey
}

/** Seals a request to a service's X25519 key (hex), as it arrives at `/oxen/v4/lsrpc`. */
export function sealV4Request(
  serverX25519: string,
  method: string,
  endpoint: string,
  body?: Uint8Array,
  type: EncryptionType = 'aes-gcm',
): SealedV4 {
  const ephemeral = nativeCrypto.x25519.generateKeyPair()
  const server = fromHex(serverX25519, 32)
  if (!server) throw new Error('the service key is not 64 hex digits')
  const key = deriveClientLayerKey(nativeCrypto, type, ephemeral, server)
  const sealed = encryptLayer(nativeCrypto, key, encodeV4Request({ method, endpoint, headers: {} }, body))
  const control = JSON.stringify({ ephemeral_key: toHex(ephemeral.publicKey), enc_type: type })
  return { frame: encodeFrame(sealed, control), key }
}

/** The frame of a request whose reply nobody opens. */
export function sealV4(...request: Parameters<typeof sealV4Request>): Uint8Array {
  return sealV4Request(...request).frame
}

/** The body of the reply to a sealed request. Throws unless the status in the seal is 200. */
export function openV4Reply({ key }: SealedV4, reply: Uint8Array): Uint8Array {
  const { code, body } = parseV4Reply(decryptLayer(nativeCrypto, key, reply))
  if (code !== 200) throw new Error(`the service has answered ${code}`)
  return body
}
