import { type Crypto, utf8 } from '#crypto'
import { encodeBase64Bytes } from '../onion/base64-bytes.ts'
import { isJsonObject, type JsonMembers, parseJsonObject } from '../onion/json-members.ts'
import { encryptLayer, type LayerKey } from '../onion/layer.ts'
import { InvalidV3RequestError } from './errors.ts'

/** A request of an old client. */
export interface V3Request {
  /** Upper case. */
  readonly method: string
  /** Path beginning with `/`, maybe with a query. */
  readonly endpoint: string
  /** Names in lower case; `content-type` is always `application/json`, `authorization` is the `auth_code` if there is one. */
  readonly headers: Readonly<Record<string, string>>
  /** undefined when there is none. */
  readonly body: Uint8Array | undefined
}

/** What the operation answered. */
export interface V3Reply {
  readonly status: number
  readonly body: Uint8Array
}

/**
 * Reads a decrypted v3 request (onion requests §5.4, files §1.1). `legacyPrefix` is put before an endpoint without leading slash:
 * `/` at a file server, `/legacy/` at a community. The body `null` of a GET counts as none. Throws `InvalidV3RequestError`.
 */
export function parseV3Request(bytes: Uint8Array, legacyPrefix = '/'): V3Request {
  const members = parseJsonObject(bytes)
  if (members === undefined) throw new InvalidV3RequestError('the request is not a JSON object')
  const { method, endpoint } = members
  if (typeof method !== 'string' || method === '') throw new InvalidV3RequestError('method must be a text')
  if (typeof endpoint !== 'string') throw new InvalidV3RequestError('endpoint must be a text')
  const isGet = method.toUpperCase() === 'GET'
  const body = bodyText(members)
  if (isGet && body !== undefined && body !== 'null') throw new InvalidV3RequestError('a GET has no body')
  return {
    method: method.toUpperCase(),
    endpoint: endpoint.startsWith('/') ? endpoint : legacyPrefix + endpoint,
    headers: parseHeaders(members),
    body: isGet || body === undefined ? undefined : utf8(body),
  }
}

/** Plaintext of a v3 reply: the body of a successful operation as it is, else `{"status_code":N}`. */
export function encodeV3Reply({ status, body }: V3Reply): Uint8Array {
  return status >= 200 && status < 300 ? body : utf8(JSON.stringify({ status_code: status }))
}

/** The bytes a server answers a v3 request with, under HTTP status 200: the sealed reply as base64 text. */
export function sealV3Reply(crypto: Crypto, layerKey: LayerKey, reply: V3Reply, nonce?: Uint8Array): Uint8Array {
  return encodeBase64Bytes(encryptLayer(crypto, layerKey, encodeV3Reply(reply), nonce))
}

function bodyText({ body }: JsonMembers): string | undefined {
  if (body === undefined || body === null || body === '') return undefined
  return typeof body === 'string' ? body : JSON.stringify(body)
}

function parseHeaders({ headers = {}, auth_code }: JsonMembers): Record<string, string> {
  if (headers !== null && !isJsonObject(headers)) throw new InvalidV3RequestError('headers must be an object')
  const entries = Object.entries(headers ?? {}).map(([name, value]): [string, string] => {
    if (typeof value !== 'string') throw new InvalidV3RequestError('headers must be texts')
    return [name.toLowerCase(), value]
  })
  if (auth_code !== undefined && auth_code !== null) {
    if (typeof auth_code !== 'string') throw new InvalidV3RequestError('auth_code must be a text')
    entries.push(['authorization', auth_code])
  }
  return { ...Object.fromEntries(entries), 'content-type': 'application/json' }
}
