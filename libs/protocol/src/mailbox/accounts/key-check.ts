import { type Crypto, InvalidPublicKeyError, toHex } from '#crypto'
import { type AccountId } from './account-id.ts'

/** Whether an Ed25519 key (32 bytes) belongs to a `05` account. */
export type KeyCheck = (account: AccountId, ed25519Key: Uint8Array) => boolean

/**
 * `isKeyOfUser` with a memory: converting a key takes nearly as long as verifying a signature, and clients come every few seconds with
 * the same one. Remembers the `capacity` conversions that were used last; keys that do not convert are not remembered.
 */
export function rememberingKeyCheck(crypto: Crypto, capacity: number): KeyCheck {
  const converted = new Map<string, string>()
  const convert = (key: Uint8Array): string | undefined => {
    const name = toHex(key)
    const known = converted.get(name)
    if (known !== undefined) converted.delete(name)
    const result = known ?? convertKey(crypto, key)
    if (result === undefined) return undefined
    converted.set(name, result)
    if (converted.size > capacity) forgetOldest(converted)
    return result
  }
  return (account, key) => convert(key) === toHex(account.key)
}

function convertKey(crypto: Crypto, key: Uint8Array): string | undefined {
  try {
    return toHex(crypto.ed25519.toX25519PublicKey(key))
  } catch (error) {
    if (error instanceof InvalidPublicKeyError) return undefined
    throw error
  }
}

/** A map lists its keys in the order in which they were set. */
function forgetOldest(map: Map<string, string>): void {
  for (const key of map.keys()) {
    map.delete(key)
    return
  }
}
