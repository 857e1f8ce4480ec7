import { isJsonObject, type JsonMembers } from '../onion/json-members.ts'
import { parseBatch } from './methods/batch.ts'
import { parseIfElse } from './methods/ifelse.ts'
import { parseSequence } from './methods/sequence.ts'
import { parseSimpleRequest } from './methods/simple-methods.ts'
import { jsonParams, type Params, parseObject, parseParams } from './params/params.ts'
import { type MailboxRequest } from './request.ts'
import { RpcError } from './rpc-error.ts'

/** Method and parameters of a request in JSON. */
export interface RpcCall {
  readonly method: string
  readonly params: JsonMembers
}

/** Reads `{"method":…,"params":{…}}` in UTF-8; other members are ignored. Throws `RpcError` 400 (mailbox RPC §1.1). */
export function parseRpcEnvelope(text: Uint8Array): RpcCall {
  const { method, params } = parseObject(text)
  if (typeof method !== 'string') throw new RpcError(400, 'invalid json: no `method` field')
  if (!isJsonObject(params)) throw new RpcError(400, 'invalid json: no `params` field')
  return { method, params }
}

/** Reads a request with its envelope, in UTF-8 JSON. Throws `RpcError` 400. */
export function parseMailboxRequest(text: Uint8Array): MailboxRequest {
  const { method, params } = parseRpcEnvelope(text)
  return parseRequest(method, jsonParams(params))
}

/** Reads a request without envelope: `bytes` are JSON, a bencoded dict or nothing. Throws `RpcError` 400 (mailbox RPC §1). */
export function parseMethodRequest(method: string, bytes: Uint8Array): MailboxRequest {
  return parseRequest(method, parseParams(bytes))
}

/** Reads the parameters of a method. Throws `RpcError` 400. */
export function parseRequest(method: string, params: Params): MailboxRequest {
  const request = parseAny(method, params, 0)
  if (request === undefined) throw new RpcError(400, `no method ${method}`)
  return request
}

function parseAny(method: string, params: Params, depth: number): MailboxRequest | undefined {
  switch (method) {
    case 'batch':
      return parseBatch(params)
    case 'sequence':
      return parseSequence(params)
    case 'ifelse':
      return parseIfElse(params, parseAny, depth)
    default:
      return parseSimpleRequest(method, params)
  }
}
