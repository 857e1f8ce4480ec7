import { toHex } from '#crypto'
import { MAX_REVOKED_TOKENS } from './limits.ts'

/** The revoked tokens of an account, 36 bytes each, the most recently revoked last (mailbox RPC §4.9). */
export type RevocationList = readonly Uint8Array[]

/** The list after more tokens were revoked: the 50 most recent. One that is revoked again counts as recent. */
export function revokeTokens(list: RevocationList, tokens: readonly Uint8Array[]): RevocationList {
  const { kept } = without(list, tokens)
  const unique = new Map(tokens.map((token) => [toHex(token), token]))
  return [...kept, ...unique.values()].slice(-MAX_REVOKED_TOKENS)
}

/** The list after tokens were allowed again, and how many of them had been on it. */
export function unrevokeTokens(
  list: RevocationList,
  tokens: readonly Uint8Array[],
): { readonly list: RevocationList; readonly count: number } {
  const { kept, removed } = without(list, tokens)
  return { list: kept, count: removed }
}

/** The question that `checkRequest` asks, answered from a list. */
export function revokedIn(list: RevocationList): (token: Uint8Array) => boolean {
  const revoked = new Set(list.map(toHex))
  return (token) => revoked.has(toHex(token))
}

function without(list: RevocationList, tokens: readonly Uint8Array[]): { kept: RevocationList; removed: number } {
  const unwanted = new Set(tokens.map(toHex))
  const kept = list.filter((token) => !unwanted.has(toHex(token)))
  return { kept, removed: list.length - kept.length }
}
