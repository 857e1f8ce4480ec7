import { type Crypto, utf8 } from '#crypto'

const DIGEST_LENGTH = 16
const KEY_LENGTH = 32

/** What is made of the one secret of the push relay, which the stores do not hold. */
export interface PushSecrets {
  /** Key that device tokens and encryption keys are sealed with, 32 bytes. */
  readonly sealingKey: Uint8Array
  /** Keyed digest of an account (33 bytes), 16 bytes. */
  readonly accountDigest: (account: Uint8Array) => Uint8Array
  /** Keyed digest of a device: service and token, 16 bytes. */
  readonly deviceDigest: (service: string, token: string) => Uint8Array
  /** Keyed digest of the name that a message has for a device (push §5.1, 32 bytes), 32 bytes. */
  readonly duplicateDigest: (duplicateKey: Uint8Array) => Uint8Array
}

/** Derives the keys of the relay from its 32-byte secret; each purpose has a key of its own. */
export function pushSecrets(crypto: Crypto, secret: Uint8Array): PushSecrets {
  const derive = (purpose: string): Uint8Array =>
    crypto.blake2b(utf8(`sotto push ${purpose}`), { length: KEY_LENGTH, key: secret })
  const [accounts, devices, duplicates] = [derive('accounts'), derive('devices'), derive('duplicates')]
  return {
    sealingKey: derive('sealing'),
    accountDigest: (account) => crypto.blake2b(account, { length: DIGEST_LENGTH, key: accounts }),
    // No name of a service has a zero byte, so two pairs never give one text.
    deviceDigest: (service, token) =>
      crypto.blake2b(utf8(`${service}\0${token}`), { length: DIGEST_LENGTH, key: devices }),
    duplicateDigest: (duplicateKey) => crypto.blake2b(duplicateKey, { length: KEY_LENGTH, key: duplicates }),
  }
}
