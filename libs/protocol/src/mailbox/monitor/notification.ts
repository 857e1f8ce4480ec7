import { fromUtf8 } from '#crypto'
import { BencodeError, type BencodeValue, decodeBencode, encodeBencode } from '../../bencode/index.ts'
import { type AccountId, accountIdFromBytes } from '../accounts/account-id.ts'
import { isMessageHash } from '../message-hash.ts'

/** What a subscriber is told of a new message (mailbox RPC §8). */
export interface MessageNotification {
  readonly account: AccountId
  readonly hash: string
  readonly namespace: number
  /** The message time, in milliseconds. */
  readonly timestamp: number
  /** In milliseconds. */
  readonly expiry: number
  /** Given if the subscription asks for it. */
  readonly data?: Uint8Array
}

/** The bencoded dict that is sent. */
export function encodeNotification(notification: MessageNotification): Uint8Array {
  return encodeBencode({
    '@': notification.account.bytes,
    h: notification.hash,
    n: notification.namespace,
    t: notification.timestamp,
    z: notification.expiry,
    ...(notification.data && { '~': notification.data }),
  })
}

/** Reads what was sent; undefined when it is no notification. */
export function parseNotification(bytes: Uint8Array): MessageNotification | undefined {
  const dict = decode(bytes)
  if (!(dict instanceof Map)) return undefined
  const members = dict as ReadonlyMap<string, BencodeValue>
  const [id, hash, namespace, timestamp, expiry, data] = ['@', 'h', 'n', 't', 'z', '~'].map((key) => members.get(key))
  const account = id instanceof Uint8Array ? accountIdFromBytes(id) : undefined
  const text = hash instanceof Uint8Array ? fromUtf8(hash) : undefined
  if (account === undefined || text === undefined || !isMessageHash(text)) return undefined
  if (typeof namespace !== 'number' || typeof timestamp !== 'number' || typeof expiry !== 'number') return undefined
  const given = data instanceof Uint8Array ? { data } : {}
  return { account, hash: text, namespace, timestamp, expiry, ...given }
}

function decode(bytes: Uint8Array): BencodeValue | undefined {
  try {
    return decodeBencode(bytes)
  } catch (error) {
    if (error instanceof BencodeError) return undefined
    throw error
  }
}
