import { describe, expect, it } from '@jest/globals'

import { concat, toHex, utf8 } from '../bytes.ts'
import { type Crypto } from '../crypto.ts'
import { DecryptionError } from '../errors.ts'
import { hex, readVectors } from './vectors.suite.ts'

type EncryptionType = 'aes-cbc' | 'aes-gcm' | 'xchacha20'

interface Keys {
  readonly client_private: string
  readonly client_public: string
  readonly server_private: string
  readonly server_public: string
}

interface Layer extends Keys {
  readonly name: string
  readonly enc_type: EncryptionType
  readonly shared_secret: string
  readonly symmetric_key: string
  readonly nonce: string
  readonly plaintext: string
  readonly ciphertext: string
}

interface OriginLayer extends Partial<Keys> {
  readonly name: string
  readonly enc_type?: EncryptionType
  readonly ciphertext?: string
  readonly plaintext_text?: string | null
  readonly x25519_private?: string
  readonly x25519_public?: string
}

interface OnionVectors {
  readonly layers: readonly Layer[]
  readonly origin: readonly OriginLayer[]
  readonly negative_replies: readonly {
    readonly name: string
    readonly enc_type: EncryptionType
    readonly symmetric_key: string
    readonly ciphertext: string
  }[]
}

export function onionVectorSuite(crypto: Crypto): void {
  const vectors = readVectors('onion.json') as OnionVectors
  const ciphers = {
    'aes-cbc': { nonceLength: 16, ...crypto.aes256Cbc },
    'aes-gcm': crypto.aes256Gcm,
    xchacha20: crypto.xchacha20Poly1305,
  }
  const symmetricKey = (
    type: EncryptionType,
    secret: Uint8Array,
    client: Uint8Array,
    server: Uint8Array,
  ): Uint8Array => {
    if (type === 'aes-cbc') return secret
    if (type === 'aes-gcm') return crypto.hmacSha256(utf8('LOKI'), secret)
    return crypto.blake2b(concat(secret, client, server), { length: 32 })
  }
  const open = (type: EncryptionType, key: Uint8Array, ciphertext: Uint8Array): Uint8Array => {
    const { nonceLength } = ciphers[type]
    return ciphers[type].decrypt(key, ciphertext.subarray(0, nonceLength), ciphertext.subarray(nonceLength))
  }

  describe('onion layers (onion requests §3)', () => {
    it.each(vectors.layers)('$name', (layer) => {
      const [client, server] = [hex(layer.client_public), hex(layer.server_public)]
      expect(toHex(crypto.x25519.publicKey(hex(layer.client_private)))).toBe(layer.client_public)
      expect(toHex(crypto.x25519.publicKey(hex(layer.server_private)))).toBe(layer.server_public)
      const secret = crypto.x25519.sharedSecret(hex(layer.client_private), server)
      expect(toHex(secret)).toBe(layer.shared_secret)
      expect(toHex(crypto.x25519.sharedSecret(hex(layer.server_private), client))).toBe(layer.shared_secret)
      const key = symmetricKey(layer.enc_type, secret, client, server)
      expect(toHex(key)).toBe(layer.symmetric_key)
      const nonce = hex(layer.nonce)
      expect(toHex(concat(nonce, ciphers[layer.enc_type].encrypt(key, nonce, hex(layer.plaintext))))).toBe(
        layer.ciphertext,
      )
      expect(toHex(open(layer.enc_type, key, hex(layer.ciphertext)))).toBe(layer.plaintext)
    })
    it.each(vectors.origin.filter((entry) => entry.ciphertext !== undefined))(
      '$name of another implementation',
      (entry) => {
        const [client, server] = [hex(entry.client_public!), hex(entry.server_public!)]
        const secret = crypto.x25519.sharedSecret(hex(entry.server_private!), client)
        const key = symmetricKey(entry.enc_type!, secret, client, server)
        const opening = (): string => toHex(open(entry.enc_type!, key, hex(entry.ciphertext!)))
        if (typeof entry.plaintext_text === 'string') expect(opening()).toBe(toHex(utf8(entry.plaintext_text)))
        else expect(opening).toThrow(DecryptionError)
      },
    )
    it('derives the key pairs of other implementations', () => {
      const pairs = vectors.origin.filter((entry) => entry.x25519_private !== undefined)
      expect(pairs).not.toHaveLength(0)
      for (const pair of pairs) {
        expect(toHex(crypto.x25519.publicKey(hex(pair.x25519_private!)))).toBe(pair.x25519_public)
      }
    })
    it.each(vectors.negative_replies)('refuses $name', (reply) => {
      expect(() => open(reply.enc_type, hex(reply.symmetric_key), hex(reply.ciphertext))).toThrow(DecryptionError)
    })
  })
}
