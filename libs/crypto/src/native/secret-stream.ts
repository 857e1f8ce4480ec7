import { type SecretStream, type SecretStreamTag } from '../crypto.ts'
import { DecryptionError } from '../errors.ts'
import { sodium } from './sodium.ts'

const OVERHEAD = 17

/**
 * libsodium's secretstream. Its `init_push` draws the header at random; `init_pull` takes a given one and leaves the same
 * state behind (key by HChaCha20, counter 1, the rest of the header as nonce), so it starts both directions here.
 */
export const secretStream: SecretStream = {
  keyLength: 32,
  headerLength: 24,
  overhead: OVERHEAD,
  createPush(key, header) {
    const state = createState(key, header)
    return {
      push(plaintext, tag) {
        const message = Buffer.allocUnsafe(plaintext.length + OVERHEAD)
        sodium.crypto_secretstream_xchacha20poly1305_push(state, message, plaintext, null, tag)
        return message
      },
    }
  },
  createPull(key, header) {
    const state = createState(key, header)
    const tag = new Uint8Array(1)
    return {
      pull(message) {
        const plaintext = Buffer.allocUnsafe(message.length - OVERHEAD)
        try {
          sodium.crypto_secretstream_xchacha20poly1305_pull(state, plaintext, tag, message, null)
        } catch {
          throw new DecryptionError()
        }
        return { plaintext, tag: tag[0] as SecretStreamTag }
      },
    }
  },
}

function createState(key: Uint8Array, header: Uint8Array): Uint8Array {
  const state = new Uint8Array(sodium.crypto_secretstream_xchacha20poly1305_STATEBYTES)
  sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
  return state
}
