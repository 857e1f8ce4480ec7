import { utf8 } from '#crypto'
import { MAX_PUSH_BODY, PUSH_PADDING } from '../limits.ts'

const END = 0x65

/** A stored message as devices are told of it. */
export interface PushMessage {
  /** 66 lower-case hex digits. */
  readonly account: string
  readonly hash: string
  readonly namespace: number
  /** Milliseconds since the Unix epoch. */
  readonly timestamp: number
  /** Milliseconds since the Unix epoch. */
  readonly expiry: number
  /** Bytes of the stored message; may be left out if `body` is there. */
  readonly size?: number
  /** The stored message as it is; may be left out if it is too long for a payload. */
  readonly body?: Uint8Array
}

export interface PushPlaintextOptions {
  /** Whether the subscription wants the body. */
  readonly wantsData: boolean
  /** Least length in bytes, a multiple of 256; `MAX_PUSH_PLAINTEXT` makes all payloads equally long. */
  readonly padTo?: number
}

/** Whether the payload of a message has its body in it: it is wanted, it is there, and it is at most 2,500 bytes long. */
export function isPushBodyIncluded(message: PushMessage, wantsData: boolean): boolean {
  return wantsData && message.body !== undefined && message.body.length <= MAX_PUSH_BODY
}

/**
 * What is encrypted for every device that wants the same of a message: a bencoded list of metadata in JSON, as the newer servers write
 * it, and of the body if it is included, padded with zeros to the next multiple of 256 bytes (push §6). An empty body is included. A body that is
 * wanted and is not included, because it is too long or not given but for its size, is called too big.
 */
export function encodePushPlaintext(message: PushMessage, { wantsData, padTo = 0 }: PushPlaintextOptions): Uint8Array {
  const body = isPushBodyIncluded(message, wantsData) ? message.body : undefined
  const size = wantsData ? (message.body?.length ?? message.size) : undefined
  const metadata = utf8(metadataText(message, size, size !== undefined && body === undefined))
  const head = utf8(`l${metadata.length}:`)
  const bodyHead = utf8(body === undefined ? '' : `${body.length}:`)
  const bodyAt = head.length + metadata.length + bodyHead.length
  const length = bodyAt + (body?.length ?? 0) + 1

  const padded = new Uint8Array(PUSH_PADDING * Math.ceil(Math.max(length, padTo) / PUSH_PADDING))
  padded.set(head)
  padded.set(metadata, head.length)
  padded.set(bodyHead, head.length + metadata.length)
  if (body !== undefined) padded.set(body, bodyAt)
  padded[length - 1] = END
  return padded
}

/** Compact and in byte order of the keys. Only the hash could have characters to escape. */
function metadataText(message: PushMessage, size: number | undefined, isTooBig: boolean): string {
  const { account, expiry, hash, namespace, timestamp } = message
  const extent = (isTooBig ? ',"B":true' : '') + (size === undefined ? '' : `,"l":${size}`)
  return `{"#":${JSON.stringify(hash)},"@":"${account}"${extent},"n":${namespace},"t":${timestamp},"z":${expiry}}`
}
