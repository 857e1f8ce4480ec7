import { fromUtf8 } from '#crypto'
import { type JsonMembers, isJsonObject } from '../../onion/json-members.ts'
import { readString, required } from '../params/fields.ts'
import { type Params } from '../params/params.ts'
import { invalidRequest } from '../rpc-error.ts'

const ENDPOINTS = ['get_service_nodes', 'ons_resolve'] as const
/** Far deeper than any parameters of the two endpoints, and safe to print. */
const MAX_DEPTH = 16

/** What may be asked of the daemon. */
export type OxendEndpoint = (typeof ENDPOINTS)[number]

/** Asks the daemon behind the node (mailbox RPC §4.12). */
export interface OxendRequest {
  readonly method: 'oxend_request'
  readonly endpoint: OxendEndpoint
  /** Parameters of the endpoint as given; what is wrong with them is the daemon's answer and no parse error. */
  readonly params: JsonMembers
}

/** Reads the parameters of `oxend_request`. Throws `RpcError` 400. */
export function parseOxendRequest(params: Params): OxendRequest {
  const name = required(readString(params, 'endpoint'), 'endpoint')
  const endpoint = ENDPOINTS.find((known) => known === name)
  if (endpoint === undefined) throw invalidRequest(`Invalid oxend endpoint '${name}'`)
  const given = params.get('params')
  const members = given === undefined ? {} : toJson(given, 0)
  if (!isJsonObject(members)) throw invalidRequest("Invalid value given for 'params': expected object")
  return { method: 'oxend_request', endpoint, params: members }
}

/** The JSON of a value in either form; undefined for what cannot be said in JSON or is nested too deeply. */
function toJson(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) throw invalidRequest("Invalid value given for 'params': nested too deeply")
  if (value instanceof Uint8Array) return fromUtf8(value)
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item: unknown) => toJson(item, depth + 1))
  const members = value instanceof Map ? [...(value as ReadonlyMap<string, unknown>)] : Object.entries(value)
  return Object.fromEntries(members.map(([name, item]) => [name, toJson(item, depth + 1)]))
}
