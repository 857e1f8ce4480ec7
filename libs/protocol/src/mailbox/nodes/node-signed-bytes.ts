import { concat, utf8 } from '#crypto'
import { type AccountId } from '../accounts/account-id.ts'
import { type WireInteger } from '../params/fields.ts'

/**
 * What the nodes of a swarm sign, method by method (mailbox RPC §4). Hashes that nodes found are given in any order and sorted here;
 * requested ones stay in request order. Times are in milliseconds.
 */

export function storeNodeBytes(hash: string): Uint8Array {
  return utf8(hash)
}

export function deleteNodeBytes(
  account: AccountId,
  requested: readonly string[],
  deleted: readonly string[],
): Uint8Array {
  return utf8(`${account.hex}${requested.join('')}${sortHashes(deleted).join('')}`)
}

/**
 * For `delete_all`, `delete_before` and `expire_all`: `time` is the request's `timestamp`, `before` or `expiry`; `hashes` are those of
 * all namespaces together.
 */
export function bulkNodeBytes(account: AccountId, time: WireInteger, hashes: readonly string[]): Uint8Array {
  return utf8(`${account.hex}${time}${sortHashes(hashes).join('')}`)
}

/** `expiry` is what the answer says: one time, or the times applied, parallel to the sorted `updated`. */
export function expireNodeBytes(
  account: AccountId,
  result: {
    readonly requested: readonly string[]
    readonly expiry: WireInteger | readonly WireInteger[]
    /** Sorted. */
    readonly updated: readonly string[]
    readonly unchanged?: ReadonlyMap<string, WireInteger>
  },
): Uint8Array {
  const expiries = typeof result.expiry === 'object' ? result.expiry.join('') : String(result.expiry)
  const unchanged = [...(result.unchanged ?? [])].sort(([a], [b]) => (a < b ? -1 : 1))
  const kept = unchanged.map(([hash, expiry]) => `${hash}${expiry}`)
  return utf8(`${account.hex}${expiries}${result.requested.join('')}${result.updated.join('')}${kept.join('')}`)
}

/** For `revoke_subaccount` and `unrevoke_subaccount`. */
export function revocationNodeBytes(account: AccountId, timestamp: number, tokens: readonly Uint8Array[]): Uint8Array {
  return concat(utf8(`${account.hex}${timestamp}`), ...tokens)
}

/** Hashes in the order of their characters' codes, as nodes list and sign them. */
export function sortHashes(hashes: readonly string[]): string[] {
  return [...hashes].sort()
}
