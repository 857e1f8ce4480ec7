import { fromUtf8 } from '#crypto'
import { type BencodeValue, decodeBencode } from '../../bencode/index.ts'
import { BencodeError } from '../../bencode/errors.ts'
import { isJsonObject, type JsonMembers } from '../../onion/json-members.ts'
import { RpcError } from '../rpc-error.ts'
import { parseJson } from './parse-json.ts'

const DICT = 0x64

/** Parameters of one method, in whichever form they came. */
export interface Params {
  /** In bencode, binary values are raw bytes and booleans are 0 and 1 (mailbox RPC §1). */
  readonly form: 'json' | 'bencode'
  /** What is given under a name; undefined when absent or `null`. */
  get(name: string): unknown
}

/** Parameters in a parsed JSON object. */
export function jsonParams(members: JsonMembers): Params {
  return { form: 'json', get: (name) => (Object.hasOwn(members, name) ? (members[name] ?? undefined) : undefined) }
}

/** Parameters in a decoded bencode dict. */
export function bencodeParams(dict: ReadonlyMap<string, BencodeValue>): Params {
  return { form: 'bencode', get: (name) => dict.get(name) }
}

/** Parameters of the same form in a value that should be an object or dict; undefined when it is neither. */
export function nestedParams(params: Params, value: unknown): Params | undefined {
  if (params.form === 'bencode') return isDict(value) ? bencodeParams(value) : undefined
  return isJsonObject(value) ? jsonParams(value) : undefined
}

/**
 * Reads parameters that come without envelope (OxenMQ, QUIC): JSON or a bencoded dict; nothing at all means none. Throws `RpcError` 400
 * (mailbox RPC §1).
 */
export function parseParams(bytes: Uint8Array): Params {
  if (bytes.length === 0) return jsonParams({})
  return bytes[0] === DICT ? parseDict(bytes) : jsonParams(parseObject(bytes))
}

/** The JSON object in UTF-8 `bytes`. Throws `RpcError` 400 `invalid json`. */
export function parseObject(bytes: Uint8Array): JsonMembers {
  const text = fromUtf8(bytes)
  if (text === undefined) throw new RpcError(400, 'invalid json')
  let value: unknown
  try {
    value = parseJson(text)
  } catch {
    // The engine's error quotes the text, which is a user's; it is not kept as the cause.
    throw new RpcError(400, 'invalid json')
  }
  if (!isJsonObject(value)) throw new RpcError(400, 'invalid json')
  return value
}

function parseDict(bytes: Uint8Array): Params {
  try {
    const value = decodeBencode(bytes)
    if (isDict(value)) return bencodeParams(value)
  } catch (cause) {
    if (cause instanceof BencodeError) throw new RpcError(400, 'invalid request: invalid bencode', { cause })
    throw cause
  }
  throw new RpcError(400, 'invalid request: invalid bencode')
}

function isDict(value: unknown): value is ReadonlyMap<string, BencodeValue> {
  return value instanceof Map
}
