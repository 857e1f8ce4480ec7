import { fromUtf8 } from '#crypto'
import { RpcError } from './rpc-error.ts'

/** Members of a JSON object. */
export type Members = Readonly<Record<string, unknown>>

/** One storage request: its method and parameters. */
export interface RpcCall {
  readonly method: string
  readonly params: Members
}

/** Reads `{"method":…,"params":{…}}` in UTF-8; other members are ignored. Throws `RpcError` (mailbox RPC §1.1). */
export function parseRpcCall(text: Uint8Array): RpcCall {
  const value = parseJson(text)
  if (!isObject(value)) throw new RpcError('invalid json')
  const { method, params } = value
  if (typeof method !== 'string') throw new RpcError('invalid json: no `method` field')
  if (!isObject(params)) throw new RpcError('invalid json: no `params` field')
  return { method, params }
}

/** Whether a JSON value is an object. */
export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseJson(bytes: Uint8Array): unknown {
  const text = fromUtf8(bytes)
  if (text === undefined) throw new RpcError('invalid json')
  try {
    return JSON.parse(text)
  } catch {
    // The engine's error quotes the text, which is a user's; it is not kept as the cause.
    throw new RpcError('invalid json')
  }
}
