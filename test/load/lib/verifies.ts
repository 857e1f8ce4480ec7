import { nativeCrypto } from '#crypto/native/index'

/** The rates of mailbox requests hold on a machine whose libsodium does this many Ed25519 verifications a second. */
export const REFERENCE_VERIFIES = 26_000

const SECONDS = 1

/** Ed25519 verifications per second of one core; the yardstick for work that signs and verifies. */
export function verifiesPerSecond(): number {
  const { ed25519 } = nativeCrypto
  const signer = ed25519.createSigner(nativeCrypto.randomBytes(32))
  const message = nativeCrypto.randomBytes(64)
  const signature = signer.sign(message)
  const begin = performance.now()
  let verified = 0
  while (performance.now() - begin < SECONDS * 1000) {
    for (let i = 0; i < 100; i++) {
      if (!ed25519.verify(signature, message, signer.publicKey)) throw new Error('a signature did not verify')
    }
    verified += 100
  }
  return verified / ((performance.now() - begin) / 1000)
}
