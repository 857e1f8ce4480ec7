import { type Crypto, fromHex } from '#crypto'
import { isJsonObject, type JsonMembers } from '../../onion/json-members.ts'
import { fromBase64 } from '../base64.ts'
import { SwarmReplyError } from '../errors.ts'
import { type DeleteRequest } from '../methods/delete.ts'
import { type ExpireRequest } from '../methods/expire.ts'
import { type RevokeSubaccountRequest } from '../methods/revoke-subaccount.ts'
import { type StoreRequest } from '../methods/store.ts'
import { type UnrevokeSubaccountRequest } from '../methods/unrevoke-subaccount.ts'
import {
  bulkNodeBytes,
  deleteNodeBytes,
  expireNodeBytes,
  revocationNodeBytes,
  storeNodeBytes,
} from '../nodes/node-signed-bytes.ts'
import { type BulkRequest, bulkTime } from '../replies/bulk.ts'

/** A request that every node of the swarm carries out and signs for (mailbox RPC §4, marked R). */
export type RecursiveRequest =
  StoreRequest | DeleteRequest | BulkRequest | ExpireRequest | RevokeSubaccountRequest | UnrevokeSubaccountRequest

/** What a client learns of one node from a swarm's reply. */
export interface NodeVerdict {
  /** Ed25519 key, 64 hex digits in lower case. */
  readonly node: string
  /** `failed`: the node says so itself; `forged`: its signature does not cover its result. */
  readonly verdict: 'confirmed' | 'failed' | 'forged'
  /** The node's members as they came. */
  readonly members: JsonMembers
}

/**
 * Verifies the signature of every node in the JSON body that answers a recursive request. Throws `SwarmReplyError` for a body that has no
 * `swarm`.
 */
export function verifySwarmReply(crypto: Crypto, request: RecursiveRequest, body: unknown): NodeVerdict[] {
  if (!isJsonObject(body) || !isJsonObject(body['swarm'])) throw new SwarmReplyError('the reply has no swarm')
  return Object.entries(body['swarm']).map(([node, members]) => {
    if (!isJsonObject(members)) return { node, verdict: 'forged', members: {} }
    if (members['failed'] === true) return { node, verdict: 'failed', members }
    return { node, verdict: isConfirmed(crypto, request, node, members) ? 'confirmed' : 'forged', members }
  })
}

function isConfirmed(crypto: Crypto, request: RecursiveRequest, node: string, members: JsonMembers): boolean {
  const key = fromHex(node, 32)
  const text = members['signature']
  const signature = typeof text === 'string' ? fromBase64(text) : undefined
  const message = signedByNode(request, members)
  if (key === undefined || signature?.length !== 64 || message === undefined) return false
  return crypto.ed25519.verify(signature, message, key)
}

/** What the node must have signed to mean what it says; undefined when it says nothing of the kind. */
function signedByNode(request: RecursiveRequest, members: JsonMembers): Uint8Array | undefined {
  switch (request.method) {
    case 'store': {
      const { hash } = members
      return typeof hash === 'string' ? storeNodeBytes(hash) : undefined
    }
    case 'delete': {
      const { deleted } = members
      return isTexts(deleted) ? deleteNodeBytes(request.account, request.hashes, deleted) : undefined
    }
    case 'delete_all':
    case 'delete_before':
    case 'expire_all': {
      const hashes = flatten(request.method === 'expire_all' ? members['updated'] : members['deleted'])
      return hashes === undefined ? undefined : bulkNodeBytes(request.account, bulkTime(request), hashes)
    }
    case 'expire':
      return expireMessage(request, members)
    case 'revoke_subaccount':
    case 'unrevoke_subaccount':
      return revocationNodeBytes(request.account, request.timestamp, request.tokens)
  }
}

function expireMessage(request: ExpireRequest, { expiry, updated, unchanged }: JsonMembers): Uint8Array | undefined {
  if (!isTexts(updated) || !(typeof expiry === 'number' || isNumbers(expiry))) return undefined
  const kept = unchanged ?? {}
  if (!isJsonObject(kept)) return undefined
  const times = new Map<string, number>()
  for (const [hash, time] of Object.entries(kept)) {
    if (typeof time !== 'number') return undefined
    times.set(hash, time)
  }
  return expireNodeBytes(request.account, { requested: request.hashes, expiry, updated, unchanged: times })
}

/** The hashes of a list, or of the lists of all namespaces. */
function flatten(value: unknown): readonly string[] | undefined {
  if (!isJsonObject(value)) return isTexts(value) ? value : undefined
  const lists = Object.values(value)
  return lists.every(isTexts) ? lists.flat() : undefined
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number')
}
