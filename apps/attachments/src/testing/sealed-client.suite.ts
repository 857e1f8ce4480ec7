import { toHex } from '#crypto'
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
  type V4Reply,
} from '#protocol'

export interface Sealed {
  readonly frame: Uint8Array
  readonly layerKey: LayerKey
}

/** `plaintext` sealed to a server's X25519 key, in its frame. */
export function seal(serverKey: Uint8Array, plaintext: Uint8Array, type: EncryptionType = 'xchacha20'): Sealed {
  const ephemeral = nativeCrypto.x25519.generateKeyPair()
  const layerKey = deriveClientLayerKey(nativeCrypto, type, ephemeral, serverKey)
  const control = JSON.stringify({ ephemeral_key: toHex(ephemeral.publicKey), enc_type: type })
  return { frame: encodeFrame(encryptLayer(nativeCrypto, layerKey, plaintext), control), layerKey }
}

/** Posts bytes to one of the sealed doors. */
export function postSealed(url: string, frame: Uint8Array, route = '/oxen/v4/lsrpc'): Promise<Response> {
  return fetch(url + route, { method: 'POST', body: Buffer.from(frame) })
}

/** Opens the sealed answer to a v4 request. */
export async function openV4(reply: Response, layerKey: LayerKey): Promise<V4Reply> {
  return parseV4Reply(decryptLayer(nativeCrypto, layerKey, new Uint8Array(await reply.arrayBuffer())))
}

/** One v4 request from sealing to opened answer. Throws when the outer status is not 200. */
export async function sendV4(
  url: string,
  serverKey: Uint8Array,
  request: { method: string; endpoint: string; headers?: Record<string, string>; body?: Uint8Array },
  type?: EncryptionType,
): Promise<V4Reply> {
  const { method, endpoint, headers = {}, body } = request
  const { frame, layerKey } = seal(serverKey, encodeV4Request({ method, endpoint, headers }, body), type)
  const reply = await postSealed(url, frame)
  if (reply.status !== 200) throw new Error(`outer status ${reply.status}`)
  return openV4(reply, layerKey)
}
