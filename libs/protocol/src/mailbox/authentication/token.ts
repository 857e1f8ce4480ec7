import { concat, type Crypto } from '#crypto'
import { GROUP_PREFIX } from '../accounts/account-id.ts'

/** Bytes of a subaccount token: prefix, flags, two reserved bytes, Ed25519 key (mailbox RPC §5). */
export const TOKEN_LENGTH = 36

/** The flags of a token (mailbox RPC §5). */
export const Permission = { Read: 1, Write: 2, Delete: 4, AnyPrefix: 8 } as const

/** What a token says. */
export interface SubaccountToken {
  readonly prefix: number
  /** Bits of `Permission`. */
  readonly flags: number
  /** Ed25519 public key, 32 bytes. */
  readonly key: Uint8Array
}

/** Reads a token of 36 bytes; undefined for any other length. The reserved bytes may hold anything. */
export function parseToken(bytes: Uint8Array): SubaccountToken | undefined {
  const [prefix, flags] = bytes
  if (bytes.length !== TOKEN_LENGTH || prefix === undefined || flags === undefined) return undefined
  return { prefix, flags, key: bytes.subarray(4) }
}

/** The 36 bytes of a token for a 32-byte key. Throws `RangeError` for other lengths and for numbers that are no bytes. */
export function encodeToken({ prefix, flags, key }: SubaccountToken): Uint8Array {
  if (key.length !== 32) throw new RangeError('key must be 32 bytes')
  if (!isByte(prefix) || !isByte(flags)) throw new RangeError('prefix and flags must be bytes')
  return concat(Uint8Array.of(prefix, flags, 0, 0), key)
}

/** A token for `key` (32 bytes) in a group, with the signature by the group's 32-byte seed that makes it valid. */
export function createToken(
  crypto: Crypto,
  groupSeed: Uint8Array,
  key: Uint8Array,
  flags: number,
): { readonly token: Uint8Array; readonly signature: Uint8Array } {
  const token = encodeToken({ prefix: GROUP_PREFIX, flags, key })
  return { token, signature: crypto.ed25519.sign(token, groupSeed) }
}

function isByte(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xff
}
