import { type Crypto, CryptoError, fromHex, utf8 } from '#crypto'
import {
  buildOnionRequest,
  decodeNodeReply,
  decodeServerReply,
  encodeV4Request,
  InvalidV4ReplyError,
  type LayerKey,
  type NodeReply,
  OnionError,
  type OnionRequest,
  type V4Reply,
} from '#protocol'
import type { OnionPath } from '../paths/path.ts'
import type { Destination } from './destination.ts'
import { ReplyUnreadableError } from './errors.ts'

const DEFAULT_TARGET = '/oxen/v4/lsrpc'

/** A request to a server behind the exit (onion requests §5.3). */
export interface ServerRequest {
  readonly method: string
  /** Path, and query if there is one. */
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array | undefined
}

/** The payload of a request to a server. */
export function encodeServerPayload({ method, endpoint, headers, body }: ServerRequest): Uint8Array {
  return encodeV4Request({ method, endpoint, headers }, body)
}

/** The payload of a call to a node (onion requests §5.1). */
export function encodeNodePayload(rpc: { readonly method: string; readonly params: unknown }): Uint8Array {
  return utf8(JSON.stringify({ method: rpc.method, params: rpc.params }))
}

/** Wraps a payload for a path and a destination, each layer with a fresh key (onion requests §4). */
export function sealRequest(
  crypto: Crypto,
  path: OnionPath,
  destination: Destination,
  payload: Uint8Array,
): OnionRequest {
  const { kind } = destination
  return buildOnionRequest(crypto, {
    path: path.nodes.map(({ ed25519, x25519 }) => ({ ed25519, x25519: rawKey(x25519) })),
    destination:
      kind === 'node'
        ? { kind, ed25519: destination.node.ed25519, x25519: rawKey(destination.node.x25519) }
        : { ...destination, target: destination.target ?? DEFAULT_TARGET, x25519: rawKey(destination.x25519) },
    payload,
    encryptionType: 'xchacha20',
    style: 'library',
  })
}

/** Opens a server's answer. Throws `ReplyUnreadableError`, for whatever cause. */
export function openServerReply(crypto: Crypto, body: Uint8Array, key: LayerKey): V4Reply {
  return opened(() => decodeServerReply(crypto, key, body))
}

/** Opens a node's answer. Throws `ReplyUnreadableError`, for whatever cause. */
export function openNodeReply(crypto: Crypto, body: Uint8Array, key: LayerKey): NodeReply {
  return opened(() => decodeNodeReply(crypto, key, body))
}

function opened<T>(open: () => T): T {
  try {
    return open()
  } catch (cause) {
    if (cause instanceof CryptoError || cause instanceof OnionError || cause instanceof InvalidV4ReplyError) {
      throw new ReplyUnreadableError({ cause })
    }
    throw cause
  }
}

/** Node lists and URLs are parsed before they come here, so their keys are hex. */
function rawKey(hex: string): Uint8Array {
  const key = fromHex(hex, 32)
  if (key === undefined) throw new TypeError('a key must be 64 hex characters')
  return key
}
