import { type SecretStream } from '../crypto.ts'
import { SecretStreamState } from './secret-stream-state.ts'

/** libsodium's secretstream, built from noble's ChaCha20 and Poly1305. */
export const secretStream: SecretStream = {
  keyLength: 32,
  headerLength: 24,
  overhead: 17,
  createPush(key, header) {
    const state = new SecretStreamState(key, header)
    return { push: (plaintext, tag) => state.seal(plaintext, tag) }
  },
  createPull(key, header) {
    const state = new SecretStreamState(key, header)
    return { pull: (message) => state.open(message) }
  },
}
