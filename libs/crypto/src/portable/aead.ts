import { concat } from '../bytes.ts'
import { type Aead } from '../crypto.ts'
import { DecryptionError } from '../errors.ts'

/** What noble's AEAD constructions have in common. */
export type NobleAead = (
  key: Uint8Array,
  nonce: Uint8Array,
  associatedData?: Uint8Array,
) => { encrypt(plaintext: Uint8Array): Uint8Array; decrypt(ciphertext: Uint8Array): Uint8Array }

/** `construction` as an `Aead`. noble has no AEAD in pieces: the streams collect copies and work in `final`. */
export function toAead(construction: NobleAead, nonceLength: number): Aead {
  const aead: Aead = {
    keyLength: 32,
    nonceLength,
    tagLength: 16,
    encrypt: (key, nonce, plaintext, associatedData) => construction(key, nonce, associatedData).encrypt(plaintext),
    decrypt(key, nonce, ciphertextAndTag, associatedData) {
      try {
        return construction(key, nonce, associatedData).decrypt(ciphertextAndTag)
      } catch {
        throw new DecryptionError()
      }
    },
    createEncryptor(key, nonce) {
      const [ownKey, ownNonce] = [new Uint8Array(key), new Uint8Array(nonce)]
      const pieces: Uint8Array[] = []
      return {
        update(plaintext) {
          pieces.push(new Uint8Array(plaintext))
          return new Uint8Array()
        },
        final: () => aead.encrypt(ownKey, ownNonce, concat(...pieces)),
      }
    },
    createDecryptor(key, nonce) {
      const [ownKey, ownNonce] = [new Uint8Array(key), new Uint8Array(nonce)]
      const pieces: Uint8Array[] = []
      return {
        update(ciphertext) {
          pieces.push(new Uint8Array(ciphertext))
          return new Uint8Array()
        },
        final: (tag) => aead.decrypt(ownKey, ownNonce, concat(...pieces, tag)),
      }
    },
  }
  return aead
}
