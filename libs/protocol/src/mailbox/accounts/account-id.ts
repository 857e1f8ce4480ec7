import { concat, type Crypto, fromHex, InvalidPublicKeyError, toHex } from '#crypto'

/** First byte of the ids of users, and of legacy closed groups (mailbox RPC §2.1). */
export const USER_PREFIX = 0x05
/** First byte of the ids of groups (mailbox RPC §2.1). */
export const GROUP_PREFIX = 0x03
/** Prefix and key, in bytes. */
export const ACCOUNT_ID_LENGTH = 33

/** Whose mailbox it is. Any prefix is an account; `05` alone has an X25519 key, all others an Ed25519 key (mailbox RPC §2.1). */
export interface AccountId {
  /** Prefix ‖ key, 33 bytes. */
  readonly bytes: Uint8Array
  readonly prefix: number
  /** 32 bytes. */
  readonly key: Uint8Array
  /** 66 hex digits in lower case: the form in texts that nodes sign. */
  readonly hex: string
}

/** The account of 33 bytes; undefined for any other length. */
export function accountIdFromBytes(bytes: Uint8Array): AccountId | undefined {
  const [prefix] = bytes
  if (bytes.length !== ACCOUNT_ID_LENGTH || prefix === undefined) return undefined
  return { bytes, prefix, key: bytes.subarray(1), hex: toHex(bytes) }
}

/** The account that 66 hex digits in either case name; undefined for any other text. */
export function parseAccountId(text: string): AccountId | undefined {
  const bytes = fromHex(text, ACCOUNT_ID_LENGTH)
  return bytes === undefined ? undefined : accountIdFromBytes(bytes)
}

/** The account of a prefix and a 32-byte key. Throws `RangeError` for other lengths. */
export function accountId(prefix: number, key: Uint8Array): AccountId {
  const id = accountIdFromBytes(concat(Uint8Array.of(prefix), key))
  if (id === undefined) throw new RangeError('key must be 32 bytes')
  return id
}

/** The `05` account of a user's Ed25519 key (32 bytes). Throws `InvalidPublicKeyError` for a key that does not convert. */
export function userAccountId(crypto: Crypto, ed25519Key: Uint8Array): AccountId {
  return accountId(USER_PREFIX, crypto.ed25519.toX25519PublicKey(ed25519Key))
}

/**
 * Whether a user's Ed25519 key (32 bytes) belongs to the account: it converts to the account's X25519 key. Two keys do, those that
 * differ in the sign bit alone (mailbox RPC §2.1).
 */
export function isKeyOfUser(crypto: Crypto, account: AccountId, ed25519Key: Uint8Array): boolean {
  try {
    return crypto.timingSafeEqual(crypto.ed25519.toX25519PublicKey(ed25519Key), account.key)
  } catch (error) {
    if (error instanceof InvalidPublicKeyError) return false
    throw error
  }
}
