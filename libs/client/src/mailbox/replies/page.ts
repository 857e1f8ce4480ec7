import type { Crypto } from '#crypto'
import { type AccountId, fromBase64, isMessageHash, messageHash } from '#protocol'
import { isRecord } from '../../nodes/json-reply.ts'
import { MailboxReplyError } from '../errors.ts'
import { asTime, list, members } from './fields.ts'

/** A message as it lies in a mailbox. */
export interface RetrievedMessage {
  /** 43 base64 characters; proved by the data. */
  readonly hash: string
  /** The sender's time, in milliseconds. */
  readonly timestamp: number
  /** In milliseconds. */
  readonly expiry: number
  readonly data: Uint8Array
}

/** What one `retrieve` gave. */
export interface RetrievedPage {
  readonly namespace: number
  readonly messages: readonly RetrievedMessage[]
  /** Whether there are more messages after these. */
  readonly more: boolean
  /** Entries that were thrown away: not well-formed, or with data that does not fit the hash. */
  readonly rejected: number
  /** Hash of the last entry, thrown away or not: where to go on. */
  readonly lastHash: string | undefined
}

/** Reads the answer to `retrieve` (mailbox RPC §4.2) and computes every hash anew (§7.1). Throws `MailboxReplyError`. */
export function readPage(crypto: Crypto, account: AccountId, namespace: number, body: unknown): RetrievedPage {
  const { messages: entries, more } = members(body)
  if (typeof more !== 'boolean') throw new MailboxReplyError()
  const all = list(entries)
  const messages = all.flatMap((entry) => readMessage(crypto, account, namespace, entry) ?? [])
  return { namespace, messages, more, rejected: all.length - messages.length, lastHash: lastHashOf(all) }
}

function readMessage(
  crypto: Crypto,
  account: AccountId,
  namespace: number,
  entry: unknown,
): RetrievedMessage | undefined {
  if (!isRecord(entry)) return undefined
  const { hash, timestamp, expiration, data } = entry
  const times = [asTime(timestamp), asTime(expiration)] as const
  const bytes = typeof data === 'string' ? fromBase64(data) : undefined
  if (times[0] === undefined || times[1] === undefined || bytes === undefined) return undefined
  if (typeof hash !== 'string' || hash !== messageHash(crypto, account, namespace, bytes)) return undefined
  return { hash, timestamp: times[0], expiry: times[1], data: bytes }
}

function lastHashOf(entries: readonly unknown[]): string | undefined {
  const last = entries.at(-1)
  const hash = isRecord(last) ? last['hash'] : undefined
  return typeof hash === 'string' && isMessageHash(hash) ? hash : undefined
}
