import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { type Crypto, fromHex, toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { portableCrypto } from '#crypto/portable/index'
import {
  decryptLayer,
  deriveClientLayerKey,
  deriveServerLayerKey,
  encodeFrame,
  encryptLayer,
  layerOverhead,
  parseEncryptionType,
  parseFrame,
  parseGuardControl,
  parseV3Request,
  parseV4Reply,
  parseV4Request,
  sealV3Reply,
} from '#protocol'

interface Keys {
  readonly ed25519: string
  readonly x25519: string
}

interface SealedCase {
  readonly name: string
  readonly version: 3 | 4
  readonly server_x25519_priv: string
  readonly server_x25519_pub: string
  readonly ephemeral_priv: string
  readonly enc_type: string
  readonly shared_key: string
  readonly request_plaintext_b64: string
  readonly request_body_b64: string
  readonly reply_nonce: string
  readonly reply_plaintext_b64: string
  readonly reply_http_body_b64: string
}

interface Vectors {
  readonly hosts: readonly (Keys & { readonly name: string })[]
  readonly server_key: Keys
  readonly onion: readonly SealedCase[]
}

const vectors = JSON.parse(readFileSync(join(import.meta.dirname, '../vectors/files.json'), 'utf8')) as Vectors
const implementations: readonly (readonly [string, Crypto])[] = [
  ['native', nativeCrypto],
  ['portable', portableCrypto],
]

function hex(text: string): Uint8Array {
  const bytes = fromHex(text)
  if (bytes === undefined) throw new Error('not hex')
  return bytes
}

const base64 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'))

describe('files.json', () => {
  it('has no section that no suite runs', () => {
    const described = ['format', 'set', 'about', 'now', 'stream_sizes_columns']
    const here = ['hosts', 'server_key', 'onion']
    const besideTheFormats = [
      'content_ids',
      'blinded_auth',
      'legacy_attachments',
      'legacy_padding',
      'legacy_avatars',
      'stream_encryption',
      'stream_sizes',
      'stream_negative',
      'urls',
      'id_checks',
    ]
    const atTheService = ['http']
    const claimed = [...described, ...here, ...besideTheFormats, ...atTheService]
    expect(Object.keys(vectors).sort()).toEqual(claimed.sort())
  })
})

describe.each(implementations)('file servers with %s crypto', (_name, crypto) => {
  it.each([...vectors.hosts, { name: 'of the vectors', ...vectors.server_key }])(
    'publish an Ed25519 key whose conversion is the key of their onion layer: $name',
    ({ ed25519, x25519 }) => {
      expect(toHex(crypto.ed25519.toX25519PublicKey(hex(ed25519)))).toBe(x25519)
    },
  )

  it.each(vectors.onion)('open and answer a sealed request: $name', (vector) => {
    const server = { privateKey: hex(vector.server_x25519_priv), publicKey: hex(vector.server_x25519_pub) }
    const { blob, control } = parseFrame(base64(vector.request_body_b64))
    const { encryptionType, ephemeralKey } = parseGuardControl(control)
    expect(encryptionType).toBe(parseEncryptionType(vector.enc_type))
    const key = deriveServerLayerKey(crypto, encryptionType, server, ephemeralKey)
    expect(toHex(key.key)).toBe(vector.shared_key)
    const plaintext = decryptLayer(crypto, key, blob)
    expect(toHex(plaintext)).toBe(toHex(base64(vector.request_plaintext_b64)))

    const nonce = hex(vector.reply_nonce)
    const reply = base64(vector.reply_plaintext_b64)
    if (vector.version === 4) {
      expect(parseV4Request(plaintext).endpoint).toMatch(/^\/file/)
      expect(parseV4Reply(reply).code).toBe(200)
      const sealed = encryptLayer(crypto, key, reply, nonce)
      expect(toHex(sealed)).toBe(toHex(base64(vector.reply_http_body_b64)))
    } else {
      expect(parseV3Request(plaintext).endpoint).toMatch(/^\/files\//)
      const sealed = sealV3Reply(crypto, key, { status: 200, body: reply }, nonce)
      expect(toHex(sealed)).toBe(toHex(base64(vector.reply_http_body_b64)))
    }
  })

  it.each(vectors.onion)('get the same bytes from a client: $name', (vector) => {
    const privateKey = hex(vector.ephemeral_priv)
    const ephemeral = { privateKey, publicKey: crypto.x25519.publicKey(privateKey) }
    const type = parseEncryptionType(vector.enc_type)
    const key = deriveClientLayerKey(crypto, type, ephemeral, hex(vector.server_x25519_pub))
    const { blob, control } = parseFrame(base64(vector.request_body_b64))
    const nonce = blob.subarray(0, layerOverhead(type).nonceLength)
    const sealed = encryptLayer(crypto, key, base64(vector.request_plaintext_b64), nonce)
    expect(toHex(encodeFrame(sealed, control))).toBe(toHex(base64(vector.request_body_b64)))
  })
})
