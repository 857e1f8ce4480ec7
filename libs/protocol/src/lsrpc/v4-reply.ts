import { concat, utf8 } from '#crypto'
import { isJsonObject, parseJsonObject } from '../onion/json-members.ts'
import { InvalidV4ReplyError } from './errors.ts'
import { encodeV4List, layOutV4List, MalformedListError, type V4Layout } from './v4-list.ts'

/** Metadata of a v4 reply: the status of the operation and its headers. */
export interface V4ReplyMetadata {
  readonly code: number
  /** Written and read in lower case; `content-length` is never written. */
  readonly headers: Readonly<Record<string, string>>
}

export interface V4Reply extends V4ReplyMetadata {
  /** A view of the parsed bytes; empty when there is no second string. */
  readonly body: Uint8Array
}

const END = 0x65

/** The plaintext of a v4 reply, always with a second string (onion requests §5.3). */
export function encodeV4Reply(metadata: V4ReplyMetadata, body: Uint8Array): Uint8Array {
  return encodeV4List(metadataText(metadata), body)
}

/** Everything of a v4 reply before a body of `bodyLength` bytes; behind the body stands `V4_REPLY_TAIL`. */
export function v4ReplyHead(metadata: V4ReplyMetadata, bodyLength: number): Uint8Array {
  const json = utf8(metadataText(metadata))
  return concat(utf8(`l${json.length}:`), json, utf8(`${bodyLength}:`))
}

/** What stands behind the body of a v4 reply. */
export const V4_REPLY_TAIL: Uint8Array = utf8('e')

/** Reads a decrypted v4 reply. Throws `InvalidV4ReplyError`. */
export function parseV4Reply(bytes: Uint8Array): V4Reply {
  const layout = layOut(bytes)
  if (layout === undefined || bytes[bytes.length - 1] !== END) {
    throw new InvalidV4ReplyError('the list does not end with e')
  }
  const members = parseJsonObject(layout.metadata)
  if (members === undefined) throw new InvalidV4ReplyError('the metadata is not a JSON object')
  const { code, headers } = members
  if (typeof code !== 'number' || !Number.isSafeInteger(code)) throw new InvalidV4ReplyError('code must be an integer')
  if (!isJsonObject(headers)) throw new InvalidV4ReplyError('headers must be an object')
  const { bodyOffset, bodyLength = 0 } = layout
  return { code, headers: textHeaders(headers), body: bytes.subarray(bodyOffset, bodyOffset + bodyLength) }
}

function layOut(bytes: Uint8Array): V4Layout | undefined {
  try {
    return layOutV4List(bytes, bytes.length)
  } catch (cause) {
    if (cause instanceof MalformedListError) throw new InvalidV4ReplyError(cause.message, { cause })
    throw cause
  }
}

function metadataText({ code, headers }: V4ReplyMetadata): string {
  const sent = Object.entries(headers)
    .map(([name, value]): [string, string] => [name.toLowerCase(), value])
    .filter(([name]) => name !== 'content-length')
  return JSON.stringify({ code, headers: Object.fromEntries(sent) })
}

/** Names in lower case; values that are no texts are written out, since a server may send numbers. */
function textHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]): [string, string] => {
    return [name.toLowerCase(), typeof value === 'string' ? value : JSON.stringify(value)]
  })
  return Object.fromEntries(entries)
}
