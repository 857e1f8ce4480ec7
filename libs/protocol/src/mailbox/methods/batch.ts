import { MAX_SUBREQUESTS } from '../limits.ts'
import { readString } from '../params/fields.ts'
import { nestedParams, type Params } from '../params/params.ts'
import { type SimpleRequest } from '../request.ts'
import { invalidRequest, type RpcError } from '../rpc-error.ts'
import { isMetaMethod, parseSimpleRequest } from './simple-methods.ts'

/** Several requests, run at the same time (mailbox RPC §4.15). */
export interface BatchRequest {
  readonly method: 'batch'
  /** 1 to 20. */
  readonly requests: readonly SimpleRequest[]
}

/** Reads the parameters of `batch`. An error in any subrequest refuses the whole. Throws `RpcError` 400. */
export function parseBatch(params: Params): BatchRequest {
  return { method: 'batch', requests: parseSubrequests(params) }
}

/** Reads the subrequests of `batch` or `sequence`. Throws `RpcError` 400. */
export function parseSubrequests(params: Params): readonly SimpleRequest[] {
  const items = params.get('requests')
  if (!Array.isArray(items) || items.length === 0) throw invalidBatch('no valid "requests" field')
  if (items.length > MAX_SUBREQUESTS) throw invalidBatch('subrequest limit exceeded')
  return items.map((item: unknown) => parseSubrequest(params, item))
}

function parseSubrequest(params: Params, item: unknown): SimpleRequest {
  const subrequest = nestedParams(params, item)
  if (subrequest === undefined) throw invalidBatch('requests must be objects')
  const method = methodOf(subrequest)
  const given = nestedParams(subrequest, subrequest.get('params'))
  if (method === undefined || given === undefined) throw invalidBatch('subrequests must have method/params keys')
  if (isMetaMethod(method)) {
    throw invalidRequest('Invalid batch subrequest: subrequests may not contain meta-requests')
  }
  const request = parseSimpleRequest(method, given)
  if (request === undefined) throw invalidRequest(`Invalid batch subrequest: invalid method "${method}"`)
  return request
}

/** The `method` of a request within another one; undefined when it is absent or no text. */
export function methodOf(request: Params): string | undefined {
  const value = request.get('method')
  return typeof value === 'string' || value instanceof Uint8Array ? readString(request, 'method') : undefined
}

function invalidBatch(reason: string): RpcError {
  return invalidRequest(`Invalid batch request: ${reason}`)
}
