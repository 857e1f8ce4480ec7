import { isJsonObject, parseJsonObject } from '../onion/json-members.ts'
import { InvalidV4RequestError } from './errors.ts'
import { encodeV4List, layOutV4List, MalformedListError, type V4Layout } from './v4-list.ts'

/** Metadata of a v4 request. */
export interface V4RequestMetadata {
  /** HTTP method, upper case. */
  readonly method: string
  /** Path beginning with `/`, maybe with a query. */
  readonly endpoint: string
  /** Names in lower case once parsed. */
  readonly headers: Readonly<Record<string, string>>
}

export interface V4Request extends V4RequestMetadata {
  /** A view of the parsed bytes; undefined when there is no second string. */
  readonly body: Uint8Array | undefined
}

/** What the first bytes of a v4 request say. */
export interface V4Head extends V4RequestMetadata {
  /** Offset of the first byte of the body in the whole request. */
  readonly bodyOffset: number
  /** Length of the body in bytes; undefined when there is none. */
  readonly bodyLength: number | undefined
}

const END = 0x65

/** A v4 request as Desktop writes it (onion requests §5.3); leave the body out when it is empty. */
export function encodeV4Request({ method, endpoint, headers }: V4RequestMetadata, body?: Uint8Array): Uint8Array {
  return encodeV4List(JSON.stringify({ method, endpoint, headers }), body)
}

/** Reads a whole decrypted v4 request. Throws `InvalidV4RequestError`. */
export function parseV4Request(bytes: Uint8Array): V4Request {
  const head = parseV4Head(bytes, bytes.length)
  if (head === undefined || bytes[bytes.length - 1] !== END) {
    throw new InvalidV4RequestError('the list does not end with e')
  }
  const { method, endpoint, headers, bodyOffset, bodyLength } = head
  const body = bodyLength === undefined ? undefined : bytes.subarray(bodyOffset, bodyOffset + bodyLength)
  return { method, endpoint, headers, body }
}

/**
 * Reads the beginning of a v4 request of `total` bytes, so that its body can be streamed on; undefined when more bytes are needed.
 * Whether the last byte is the `e` that it must be is left to the caller. Throws `InvalidV4RequestError`.
 */
export function parseV4Head(first: Uint8Array, total: number): V4Head | undefined {
  const layout = layOut(first, total)
  if (layout === undefined) return undefined
  return { ...parseMetadata(layout.metadata), bodyOffset: layout.bodyOffset, bodyLength: layout.bodyLength }
}

function layOut(first: Uint8Array, total: number): V4Layout | undefined {
  try {
    return layOutV4List(first, total)
  } catch (cause) {
    if (cause instanceof MalformedListError) throw new InvalidV4RequestError(cause.message, { cause })
    throw cause
  }
}

function parseMetadata(json: Uint8Array): V4RequestMetadata {
  const members = parseJsonObject(json)
  if (members === undefined) throw new InvalidV4RequestError('the metadata is not a JSON object')
  const { method, endpoint, headers = {} } = members
  if (typeof method !== 'string' || method === '') throw new InvalidV4RequestError('method must be a text')
  if (typeof endpoint !== 'string' || !endpoint.startsWith('/')) {
    throw new InvalidV4RequestError('endpoint must be a path that begins with /')
  }
  if (!isJsonObject(headers)) throw new InvalidV4RequestError('headers must be an object')
  return { method, endpoint, headers: lowerCaseHeaders(headers) }
}

function lowerCaseHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]): [string, string] => {
    if (typeof value !== 'string') throw new InvalidV4RequestError('headers must be texts')
    return [name.toLowerCase(), value]
  })
  return Object.fromEntries(entries)
}
