import { isRecord } from '../../nodes/json-reply.ts'
import { asTexts, asTime } from './fields.ts'
import type { NodeMembers } from './swarm-result.ts'

/** Expiries in milliseconds by message hash. */
export type Expiries = ReadonlyMap<string, number>

/** What an `expire` changed on a node, or on all together. */
export interface ExpiryChanges {
  readonly updated: Expiries
  /** With the expiry they have. */
  readonly unchanged: Expiries
}

/** The time until which a node keeps a stored message; undefined when it does not say (mailbox RPC §4.1). */
export function readStored(
  hash: string,
  entry: NodeMembers,
): { readonly expiry: number; readonly isKnown: boolean } | undefined {
  const expiry = asTime(entry['expiry'])
  if (entry['hash'] !== hash || expiry === undefined) return undefined
  return { expiry, isKnown: entry['already'] === true || entry['already'] === 1 }
}

/** The hashes in the member `name`: one list, or one for each namespace (mailbox RPC §4.3 to §4.6). */
export function readHashes(entry: NodeMembers, name: 'deleted' | 'updated'): readonly string[] | undefined {
  const value = entry[name]
  if (!isRecord(value)) return asTexts(value)
  const lists = Object.values(value).map(asTexts)
  return lists.some((hashes) => hashes === undefined) ? undefined : lists.flatMap((hashes) => hashes ?? [])
}

/** What a node did for an `expire` of these hashes; undefined when it speaks of others or not at all (mailbox RPC §4.7). */
export function readExpiryChanges(requested: readonly string[], entry: NodeMembers): ExpiryChanges | undefined {
  const hashes = asTexts(entry['updated'])
  const { expiry } = entry
  const times: readonly unknown[] | undefined = Array.isArray(expiry) ? expiry : hashes?.map(() => expiry)
  const kept = entry['unchanged'] ?? {}
  if (hashes === undefined || times?.length !== hashes.length || !isRecord(kept)) return undefined
  const updated = toExpiries(
    hashes.map((hash, index) => [hash, times[index]]),
    requested,
  )
  const unchanged = toExpiries(Object.entries(kept), requested)
  return updated === undefined || unchanged === undefined ? undefined : { updated, unchanged }
}

/** The expiries in an answer, only for hashes that were asked for; undefined when any is not well-formed. */
export function toExpiries(
  entries: readonly (readonly [string, unknown])[],
  requested: readonly string[],
): Expiries | undefined {
  const wanted = new Set(requested)
  const expiries = new Map<string, number>()
  for (const [hash, value] of entries) {
    const time = asTime(value)
    if (!wanted.has(hash) || time === undefined) return undefined
    expiries.set(hash, time)
  }
  return expiries
}

/** All changes together; where nodes differ, the latest expiry. */
export function mergeChanges(changes: readonly ExpiryChanges[]): ExpiryChanges {
  const updated = latest(changes.map((one) => one.updated))
  const unchanged = latest(changes.map((one) => one.unchanged))
  return { updated, unchanged: new Map([...unchanged].filter(([hash]) => !updated.has(hash))) }
}

function latest(all: readonly Expiries[]): Expiries {
  const merged = new Map<string, number>()
  for (const [hash, time] of all.flatMap((one) => [...one])) {
    merged.set(hash, Math.max(time, merged.get(hash) ?? 0))
  }
  return merged
}

/** Every hash of any list, once. */
export function union(lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())].toSorted()
}
