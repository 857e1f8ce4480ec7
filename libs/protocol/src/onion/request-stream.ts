import { concat, fromUtf8, utf8 } from '#crypto'
import { decodeBencode } from '../bencode/decode.ts'
import { encodeBencode } from '../bencode/encode.ts'
import { BencodeError } from '../bencode/errors.ts'
import type { BencodeValue } from '../bencode/value.ts'
import { RequestStreamError } from './errors.ts'
import { MAX_STREAM_MESSAGE_LENGTH } from './limits.ts'

/** One message of a QUIC request stream (onion requests §9). Ids are the sender's own. */
export type StreamMessage =
  | { readonly kind: 'command'; readonly id: number; readonly endpoint: string; readonly body: Uint8Array }
  | { readonly kind: 'success' | 'error'; readonly id: number; readonly body: Uint8Array }

/** `<decimal length>:<bencoded list>`. Throws `RequestStreamError` above `MAX_STREAM_MESSAGE_LENGTH` bytes. */
export function encodeStreamMessage(message: StreamMessage): Uint8Array {
  const list = encodeBencode(listOf(message))
  if (list.length > MAX_STREAM_MESSAGE_LENGTH) throw new RequestStreamError('the message is too long')
  return concat(utf8(`${list.length}:`), list)
}

/**
 * Reads the message at the beginning of `bytes` and says how many bytes it takes; undefined when more bytes are needed. The body is
 * a view. Throws `RequestStreamError`.
 */
export function parseStreamMessage(bytes: Uint8Array): { message: StreamMessage; length: number } | undefined {
  const prefix = parsePrefix(bytes)
  if (prefix === undefined || bytes.length < prefix.start + prefix.length) return undefined
  const end = prefix.start + prefix.length
  return { message: parseList(bytes.subarray(prefix.start, end)), length: end }
}

/** Text of an `error` reply to an onion request: `<code> <reason phrase>`, an empty line, the body. */
export function streamErrorText(status: number, reasonPhrase: string, body: string): string {
  return `${status} ${reasonPhrase}\n\n${body}`
}

function listOf(message: StreamMessage): (string | number | Uint8Array)[] {
  switch (message.kind) {
    case 'command':
      return ['C', message.id, message.endpoint, message.body]
    case 'success':
      return ['R', message.id, message.body]
    case 'error':
      return ['E', message.id, message.body]
  }
}

function parsePrefix(bytes: Uint8Array): { start: number; length: number } | undefined {
  let length = 0
  for (let i = 0; i < Math.min(bytes.length, 9); i++) {
    const byte = bytes[i] as number
    if (byte === 0x3a && i > 0) return { start: i + 1, length }
    if (byte < 0x30 || byte > 0x39) throw new RequestStreamError('the length is not a number')
    if (i > 0 && length === 0) throw new RequestStreamError('the length has a leading zero')
    length = 10 * length + byte - 0x30
    if (length > MAX_STREAM_MESSAGE_LENGTH) throw new RequestStreamError('the message is too long')
  }
  if (bytes.length >= 9) throw new RequestStreamError('the message is too long')
  return undefined
}

function parseList(bytes: Uint8Array): StreamMessage {
  const list = decodeList(bytes)
  const [kindBytes, id, ...rest] = list
  const kind = kindBytes instanceof Uint8Array ? fromUtf8(kindBytes) : undefined
  if (typeof id !== 'number' || id < 0) throw new RequestStreamError('the id is not a number')
  const body = rest.at(-1)
  if (!(body instanceof Uint8Array)) throw new RequestStreamError('the body is not a byte string')
  if (kind === 'C' && rest.length === 2) {
    const endpoint = rest[0] instanceof Uint8Array ? fromUtf8(rest[0]) : undefined
    if (endpoint === undefined) throw new RequestStreamError('the endpoint is not a text')
    return { kind: 'command', id, endpoint, body }
  }
  if ((kind === 'R' || kind === 'E') && rest.length === 1) {
    return { kind: kind === 'R' ? 'success' : 'error', id, body }
  }
  throw new RequestStreamError('the message is neither command, success nor error')
}

function decodeList(bytes: Uint8Array): readonly BencodeValue[] {
  try {
    const value = decodeBencode(bytes)
    if (isList(value)) return value
  } catch (cause) {
    if (cause instanceof BencodeError) throw new RequestStreamError('the message is not bencoded', { cause })
    throw cause
  }
  throw new RequestStreamError('the message is not a list')
}

function isList(value: BencodeValue): value is readonly BencodeValue[] {
  return Array.isArray(value)
}
