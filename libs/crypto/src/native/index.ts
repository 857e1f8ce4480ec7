import { timingSafeEqual } from 'node:crypto'

import { checked } from '../checked.ts'
import { type Crypto, type RandomSource } from '../crypto.ts'
import { aes256Cbc } from './aes-256-cbc.ts'
import { aes256Gcm } from './aes-256-gcm.ts'
import { blake2b, createBlake2b } from './blake2b.ts'
import { createEd25519 } from './ed25519.ts'
import { hmacSha256, hmacSha512, sha256, sha512 } from './hashes.ts'
import { createPooledRandom } from './pooled-random.ts'
import { secretStream } from './secret-stream.ts'
import { createX25519 } from './x25519.ts'
import { xchacha20Poly1305 } from './xchacha20-poly1305.ts'

/**
 * The primitives by native code: libsodium, OpenSSL and, for BLAKE2b, WebAssembly. Importing this file waits for the
 * WebAssembly module, so that every function can be used at once.
 */
export function createNativeCrypto(options: Partial<RandomSource> = {}): Crypto {
  const source: RandomSource = { randomBytes: options.randomBytes ?? createPooledRandom() }
  return checked({
    implementation: 'native',
    randomBytes: source.randomBytes,
    timingSafeEqual,
    x25519: createX25519(source),
    ed25519: createEd25519(source),
    aes256Gcm,
    aes256Cbc,
    xchacha20Poly1305,
    secretStream,
    blake2b,
    createBlake2b,
    sha256,
    sha512,
    hmacSha256,
    hmacSha512,
  })
}

/** The primitives by native code, with the randomness of the operating system. */
export const nativeCrypto: Crypto = createNativeCrypto()
