import type { Crypto, KeyPair } from '#crypto'
import { fromHex } from '#crypto'

/** Which keys the service answers to. */
export interface ServiceKeys {
  /** Ed25519 public key that stands in file URLs, 32 bytes. */
  readonly ed25519: Uint8Array
  /** X25519 pairs that requests may be sealed to, the newest first. */
  readonly x25519: readonly KeyPair[]
}

/** The list of older keys cannot be read, or has a line that is none. The message names the line, never its text. */
export class OldKeysError extends Error {
  override readonly name = 'OldKeysError'
  readonly code = 'OLD_KEYS_INVALID'
}

/** The keys of the 32-byte Ed25519 `seed`, with those of `olderKeys` behind them; X25519 by conversion (files §1). */
export function serviceKeys(crypto: Crypto, seed: Uint8Array, olderKeys: readonly KeyPair[]): ServiceKeys {
  return { ed25519: crypto.ed25519.publicKey(seed), x25519: [convert(crypto, seed), ...olderKeys] }
}

/**
 * Older keys out of a text with one a line: an Ed25519 seed in hex, or `x25519:` and a raw private key in hex. Empty lines and lines that
 * begin with `#` are skipped. `variable` is the setting that named the list. Throws `OldKeysError`.
 */
export function parseOldKeys(crypto: Crypto, text: string, variable: string): readonly KeyPair[] {
  return text.split('\n').flatMap((line, index) => {
    const entry = line.trim()
    if (entry === '' || entry.startsWith('#')) return []
    const raw = /^x25519:(.*)$/i.exec(entry)
    const bytes = fromHex(raw?.[1] ?? entry, 32)
    if (bytes === undefined) {
      const forms = '64 hex digits, or x25519: and 64 hex digits'
      throw new OldKeysError(`Line ${index + 1} of ${variable} must be ${forms}.`)
    }
    if (raw === null) return [convert(crypto, bytes)]
    return [{ privateKey: bytes, publicKey: crypto.x25519.publicKey(bytes) }]
  })
}

function convert(crypto: Crypto, seed: Uint8Array): KeyPair {
  const privateKey = crypto.ed25519.toX25519PrivateKey(seed)
  return { privateKey, publicKey: crypto.x25519.publicKey(privateKey) }
}
