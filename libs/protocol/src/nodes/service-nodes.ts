import { isJsonObject } from '../onion/json-members.ts'
import { NodeListParamsError } from './errors.ts'
import { type NodeRecord, sortNodes, STORAGE_VERSION, type StorageVersion } from './node-record.ts'

/** Names of the seed call; all mean the same (onion requests §10.1). */
export const SERVICE_NODES_METHODS: ReadonlySet<string> = new Set([
  'get_n_service_nodes',
  'get_service_nodes',
  'get_all_service_nodes',
])

/** What a client wants to know of the node list. */
export interface GetServiceNodesParams {
  /** Names of members; undefined means all. */
  readonly fields: ReadonlySet<string> | undefined
  /** Most entries to return; undefined means all. */
  readonly limit: number | undefined
  /** Keys to which the list is restricted, 64 hex digits in lower case; undefined means no restriction. */
  readonly pubkeys: ReadonlySet<string> | undefined
}

/** One entry of the node list: every member that a client is known to read (onion requests §10.1, §10.5). */
export interface ServiceNodeState {
  readonly public_ip: string
  readonly storage_port: number
  readonly storage_lmq_port: number
  readonly pubkey_ed25519: string
  readonly pubkey_x25519: string
  readonly service_node_pubkey: string
  readonly requested_unlock_height: number
  readonly storage_server_reachable: boolean
  readonly storage_server_version: StorageVersion
  readonly active: boolean
  readonly funded: boolean
  /** The swarm id in hex without leading zeros. */
  readonly swarm: string
}

/** The result of the seed call. */
export interface ServiceNodesResult {
  readonly height: number
  readonly service_node_states: readonly Partial<ServiceNodeState>[]
  readonly status: 'OK'
}

/** The entry of one node, with the wanted members only (`fields` undefined: all). */
export function serviceNodeState(record: NodeRecord, fields?: ReadonlySet<string>): Partial<ServiceNodeState> {
  const state: ServiceNodeState = {
    public_ip: record.publicIp,
    storage_port: record.storagePort,
    storage_lmq_port: record.quicPort ?? 0,
    pubkey_ed25519: record.pubkeyEd25519,
    pubkey_x25519: record.pubkeyX25519,
    service_node_pubkey: record.pubkeyEd25519,
    requested_unlock_height: 0,
    storage_server_reachable: true,
    storage_server_version: record.storageVersion ?? STORAGE_VERSION,
    active: true,
    funded: true,
    swarm: record.swarmId.toString(16),
  }
  if (fields === undefined) return state
  return Object.fromEntries(Object.entries(state).filter(([name]) => fields.has(name)))
}

/** The result for the wanted part of `nodes`, sorted; `height` is given whether asked for or not, since a client needs it unasked. */
export function serviceNodesResult(
  nodes: Iterable<NodeRecord>,
  { fields, limit, pubkeys }: GetServiceNodesParams,
  height: number,
): ServiceNodesResult {
  const wanted = sortNodes(nodes).filter((node) => pubkeys?.has(node.pubkeyEd25519) ?? true)
  const states = wanted.slice(0, limit).map((node) => serviceNodeState(node, fields))
  return { height, service_node_states: states, status: 'OK' }
}

/**
 * Reads the `params` of the seed call (onion requests §10.1). Members that are unknown or make no difference here (`active_only`,
 * `poll_block_hash`) are ignored. Throws `NodeListParamsError`.
 */
export function parseGetServiceNodesParams(params: unknown): GetServiceNodesParams {
  if (params === undefined || params === null) return { fields: undefined, limit: undefined, pubkeys: undefined }
  if (!isJsonObject(params)) throw new NodeListParamsError('params must be an object')
  const { fields, limit, service_node_pubkeys } = params
  return { fields: parseFields(fields), limit: parseLimit(limit), pubkeys: parsePubkeys(service_node_pubkeys) }
}

function parseFields(fields: unknown): ReadonlySet<string> | undefined {
  if (fields === undefined || fields === null) return undefined
  const names = fieldNames(fields)
  if (names === undefined) throw new NodeListParamsError('fields must be an object or a list of names')
  return names.length === 0 || names.includes('all') ? undefined : new Set(names)
}

function fieldNames(fields: unknown): readonly string[] | undefined {
  if (isTexts(fields)) return fields
  return isJsonObject(fields) ? Object.keys(fields).filter((name) => fields[name] === true) : undefined
}

function parseLimit(limit: unknown): number | undefined {
  if (limit === undefined || limit === null) return undefined
  if (typeof limit !== 'number' || !Number.isSafeInteger(limit) || limit < 0) {
    throw new NodeListParamsError('limit must be a natural number')
  }
  return limit === 0 ? undefined : limit
}

function parsePubkeys(pubkeys: unknown): ReadonlySet<string> | undefined {
  if (pubkeys === undefined || pubkeys === null) return undefined
  if (!isTexts(pubkeys)) throw new NodeListParamsError('service_node_pubkeys must be a list of texts')
  return pubkeys.length === 0 ? undefined : new Set(pubkeys.map((key) => key.toLowerCase()))
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
