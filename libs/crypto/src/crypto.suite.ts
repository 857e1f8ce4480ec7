import { describe } from '@jest/globals'

import { type Crypto } from './crypto.ts'
import { aeadSuite } from './suites/aead.suite.ts'
import { argumentSuite } from './suites/arguments.suite.ts'
import { blockCipherSuite } from './suites/block-cipher.suite.ts'
import { ed25519Suite } from './suites/ed25519.suite.ts'
import { hashSuite } from './suites/hash.suite.ts'
import { onionVectorSuite } from './suites/onion-vectors.suite.ts'
import { secretStreamSuite } from './suites/secret-stream.suite.ts'
import { utilitySuite } from './suites/utilities.suite.ts'
import { x25519Suite } from './suites/x25519.suite.ts'

/** What every implementation of `Crypto` has to fulfil: published vectors, refusals and argument checks. */
export function cryptoSuite(crypto: Crypto): void {
  describe(`${crypto.implementation} crypto`, () => {
    utilitySuite(crypto)
    x25519Suite(crypto)
    ed25519Suite(crypto)
    aeadSuite(crypto)
    blockCipherSuite(crypto)
    secretStreamSuite(crypto)
    hashSuite(crypto)
    onionVectorSuite(crypto)
    argumentSuite(crypto)
  })
}
