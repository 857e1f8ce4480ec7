import { BadMessageError } from '../errors.ts'
import type { Codec } from './codec.ts'
import { defineEvent, defineRequest } from './definition.ts'

const NODE_KEY_LENGTH = 32
const ACCOUNT_LENGTH = 33
const HASH_LENGTH = 43
const REPLY_HEAD_LENGTH = 3

/** A storage request as one of the nodes got it. */
export interface StorageRpcRequest {
  /** Ed25519 key of the node that was asked, 32 bytes. */
  readonly node: Uint8Array
  /** The request: UTF-8 JSON `{"method":…,"params":{…}}`, not looked at on its way. */
  readonly text: Uint8Array
}

/** The answer to a storage request. */
export interface StorageRpcReply {
  readonly status: number
  /** Whether `body` is JSON, or a plain text. */
  readonly isJson: boolean
  /** UTF-8. */
  readonly body: Uint8Array
}

/** Key (32 bytes) ‖ text. */
const storageRpcRequest: Codec<StorageRpcRequest> = {
  isShareable: true,
  encode: ({ node, text }) => {
    const message = new Uint8Array(NODE_KEY_LENGTH + text.length)
    message.set(node)
    message.set(text, NODE_KEY_LENGTH)
    return message
  },
  decode: (message) => {
    if (message.length < NODE_KEY_LENGTH) throw new BadMessageError('a storage request ends within the key of its node')
    return { node: message.subarray(0, NODE_KEY_LENGTH), text: message.subarray(NODE_KEY_LENGTH) }
  },
}

/** Status (2 bytes, big-endian) ‖ 1 for JSON, 0 for text ‖ body. */
const storageRpcReply: Codec<StorageRpcReply> = {
  isShareable: true,
  encode: ({ status, isJson, body }) => {
    const message = new Uint8Array(REPLY_HEAD_LENGTH + body.length)
    message[0] = status >> 8
    message[1] = status
    message[2] = isJson ? 1 : 0
    message.set(body, REPLY_HEAD_LENGTH)
    return message
  },
  decode: (message) => {
    const [high = 0, low = 0, kind] = message
    if (kind !== 0 && kind !== 1) throw new BadMessageError('the answer to a storage request lacks its head')
    return { status: high * 256 + low, isJson: kind === 1, body: message.subarray(REPLY_HEAD_LENGTH) }
  },
}

/** A node hands a storage request to the core; any replica answers. What the client did wrong is an answer. */
export const storageRpc = defineRequest({
  subject: 'sotto.core.storage-rpc',
  request: storageRpcRequest,
  reply: storageRpcReply,
})

/** A message that has just been stored for the first time. Times are milliseconds since the Unix epoch. */
export interface MessageStored {
  /** Prefix ‖ key, 33 bytes. */
  readonly account: Uint8Array
  readonly namespace: number
  /** 43 base64 characters. */
  readonly hash: string
  readonly timestamp: number
  readonly expiry: number
  /** Length of the data in bytes. */
  readonly size: number
  /** The data, when it is short enough to be sent on. */
  readonly data?: Uint8Array
}

const STORED_HEAD_LENGTH = ACCOUNT_LENGTH + HASH_LENGTH + 2 + 8 + 8 + 4 + 1

/**
 * Account (33) ‖ hash (43 characters) ‖ namespace (2, signed) ‖ timestamp (8) ‖ expiry (8) ‖ size (4) ‖ 1 if the data follows, else
 * 0 ‖ data. Numbers are big-endian.
 */
const messageStoredCodec: Codec<MessageStored> = {
  encode: ({ account, hash, namespace, timestamp, expiry, size, data }) => {
    const message = new Uint8Array(STORED_HEAD_LENGTH + (data?.length ?? 0))
    const view = new DataView(message.buffer)
    message.set(account)
    for (let i = 0; i < HASH_LENGTH; i++) message[ACCOUNT_LENGTH + i] = hash.charCodeAt(i)
    view.setInt16(76, namespace)
    view.setBigInt64(78, BigInt(timestamp))
    view.setBigInt64(86, BigInt(expiry))
    view.setUint32(94, size)
    message[98] = data === undefined ? 0 : 1
    if (data !== undefined) message.set(data, STORED_HEAD_LENGTH)
    return message
  },
  decode: (message) => {
    if (message.length < STORED_HEAD_LENGTH) throw new BadMessageError('an event about a message ends within its head')
    const view = new DataView(message.buffer, message.byteOffset, message.length)
    const stored = {
      account: message.subarray(0, ACCOUNT_LENGTH),
      hash: String.fromCharCode(...message.subarray(ACCOUNT_LENGTH, ACCOUNT_LENGTH + HASH_LENGTH)),
      namespace: view.getInt16(76),
      timestamp: Number(view.getBigInt64(78)),
      expiry: Number(view.getBigInt64(86)),
      size: view.getUint32(94),
    }
    return message[98] === 1 ? { ...stored, data: message.subarray(STORED_HEAD_LENGTH) } : stored
  },
}

/** Number of partitions of `messageStored`; never changes, since the subscribers' streams are made with it. */
export const MESSAGE_PARTITIONS = 64

/** Where no push relay runs, nothing takes the events; and nobody wants to be woken for a message of last week. */
const KEEP_MS = 3 * 86_400_000

/** A message was stored for an account. The partition is a function of the account, so that one consumer can keep its order. */
export const messageStored = defineEvent({
  subject: 'sotto.message.stored',
  codec: messageStoredCodec,
  partitions: MESSAGE_PARTITIONS,
  keepMs: KEEP_MS,
})

/** A mailbox in which something new can be read. */
export interface MailboxChanged {
  /** Prefix ‖ key, 33 bytes. */
  readonly account: Uint8Array
  readonly namespace: number
}

/** Account (33) ‖ namespace (2, signed, big-endian). */
const mailboxChangedCodec: Codec<MailboxChanged> = {
  encode: ({ account, namespace }) => {
    const message = new Uint8Array(ACCOUNT_LENGTH + 2)
    message.set(account)
    new DataView(message.buffer).setInt16(ACCOUNT_LENGTH, namespace)
    return message
  },
  decode: (message) => {
    if (message.length !== ACCOUNT_LENGTH + 2) throw new BadMessageError('a notice about a mailbox has another length')
    const namespace = new DataView(message.buffer, message.byteOffset, message.length).getInt16(ACCOUNT_LENGTH)
    return { account: message.subarray(0, ACCOUNT_LENGTH), namespace }
  },
}

/** Wakes whoever waits for a message, in every replica of the core. One that is lost costs the waiting client some seconds. */
export const mailboxChanged = defineEvent({
  subject: 'sotto.mailbox.changed',
  codec: mailboxChangedCodec,
  delivery: 'at-most-once',
  audience: 'every-replica',
})
