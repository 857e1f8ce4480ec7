import { concat, utf8 } from '#crypto'
import { namespaceText } from '../namespaces.ts'
import { type WireInteger } from '../params/fields.ts'

/**
 * What clients sign, method by method (mailbox RPC §2.2, §4): the parts follow one another without separators, numbers in decimal,
 * namespace 0 as nothing at all. Times are in milliseconds.
 */

export function storeSignedBytes(namespace: number, timestamp: number): Uint8Array {
  return utf8(`store${namespaceText(namespace)}${timestamp}`)
}

export function retrieveSignedBytes(namespace: number, timestamp: number): Uint8Array {
  return utf8(`retrieve${namespaceText(namespace)}${timestamp}`)
}

/** Contains no time: such a request can be made again by whoever has seen it. */
export function deleteSignedBytes(hashes: readonly string[]): Uint8Array {
  return utf8(`delete${hashes.join('')}`)
}

export function deleteAllSignedBytes(namespace: number | 'all', timestamp: number): Uint8Array {
  return utf8(`delete_all${namespaceText(namespace)}${timestamp}`)
}

export function deleteBeforeSignedBytes(namespace: number | 'all', before: number): Uint8Array {
  return utf8(`delete_before${namespaceText(namespace)}${before}`)
}

export function expireAllSignedBytes(namespace: number | 'all', expiry: WireInteger): Uint8Array {
  return utf8(`expire_all${namespaceText(namespace)}${expiry}`)
}

export function expireSignedBytes(
  mode: 'shorten' | 'extend' | undefined,
  expiries: readonly WireInteger[],
  hashes: readonly string[],
): Uint8Array {
  return utf8(`expire${mode ?? ''}${expiries.join('')}${hashes.join('')}`)
}

export function getExpiriesSignedBytes(timestamp: number, hashes: readonly string[]): Uint8Array {
  return utf8(`get_expiries${timestamp}${hashes.join('')}`)
}

/** Tokens are raw bytes here, however they stand in the request. */
export function revocationSignedBytes(
  method: 'revoke_subaccount' | 'unrevoke_subaccount',
  timestamp: number,
  tokens: readonly Uint8Array[],
): Uint8Array {
  return concat(utf8(`${method}${timestamp}`), ...tokens)
}

export function revokedSubaccountsSignedBytes(timestamp: number): Uint8Array {
  return utf8(`revoked_subaccounts${timestamp}`)
}
