import { concat, utf8 } from '#crypto'

/**
 * Longest metadata in bytes. The specification has no limit of its own; metadata is parsed as JSON in one go and held in memory
 * before a body can be streamed on.
 */
export const MAX_V4_METADATA_LENGTH = 65_536

/** Where the parts of a v4 list stand (onion requests §5.3). */
export interface V4Layout {
  readonly metadata: Uint8Array
  /** Offset of the first byte of the body. */
  readonly bodyOffset: number
  /** Length of the body in bytes; undefined when the list has no second string. */
  readonly bodyLength: number | undefined
}

/** Why a list is malformed; the caller turns it into the error of its direction. */
export class MalformedListError extends Error {
  override readonly name = 'MalformedListError'
}

const COLON = 0x3a
const LIST = 0x6c
/** Lengths are at most those of an onion body, eight digits. */
const MAX_LENGTH_DIGITS = 8

/** `l<length>:<metadata>[<length>:<body>]e`; the second string is left out when `body` is undefined. */
export function encodeV4List(metadata: string, body?: Uint8Array): Uint8Array {
  const json = utf8(metadata)
  const head = [utf8(`l${json.length}:`), json]
  return body === undefined ? concat(...head, END_BYTES) : concat(...head, utf8(`${body.length}:`), body, END_BYTES)
}

/** The `e` that ends a list. */
export const END_BYTES: Uint8Array = utf8('e')

/**
 * Finds the parts of a list of `total` bytes from its first bytes; undefined when more of them are needed. One superfluous byte is
 * tolerated when there is no second string. Throws `MalformedListError`. The last byte is not looked at.
 */
export function layOutV4List(first: Uint8Array, total: number): V4Layout | undefined {
  if (first.length === 0 && total > 0) return undefined
  if (first[0] !== LIST) throw new MalformedListError('the list does not begin with l')
  const metadata = readLength(first, 1, total)
  if (metadata === undefined) return undefined
  const metadataEnd = metadata.start + metadata.length
  if (metadata.length > MAX_V4_METADATA_LENGTH) throw new MalformedListError('the metadata is too long')
  const left = total - 1 - metadataEnd
  if (left < 0) throw new MalformedListError('the metadata is truncated')
  if (first.length < metadataEnd) return undefined
  const json = first.subarray(metadata.start, metadataEnd)
  if (left < 2) return { metadata: json, bodyOffset: total - 1, bodyLength: undefined }
  const body = readLength(first, metadataEnd, total)
  if (body === undefined) return undefined
  if (body.start + body.length !== total - 1) throw new MalformedListError('the body does not fill the list')
  return { metadata: json, bodyOffset: body.start, bodyLength: body.length }
}

function readLength(bytes: Uint8Array, offset: number, total: number): { start: number; length: number } | undefined {
  let length = 0
  for (let at = offset; at <= offset + MAX_LENGTH_DIGITS; at++) {
    const byte = bytes[at]
    if (byte === undefined) {
      if (at < total) return undefined
      break
    }
    if (byte === COLON && at > offset) return { start: at + 1, length }
    const digit = byte - 0x30
    if (digit < 0 || digit > 9 || (at > offset && length === 0)) break
    length = 10 * length + digit
  }
  throw new MalformedListError('a length is malformed')
}
