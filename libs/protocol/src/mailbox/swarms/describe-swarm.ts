import { fromHex } from '#crypto'
import { type NodeRecord } from '../../nodes/node-record.ts'
import { NO_SWARM } from '../../nodes/swarm-ids.ts'
import { encodeBase32z } from '../base32z.ts'
import { type ReplyContext } from '../replies/rpc-reply.ts'
import { RpcError } from '../rpc-error.ts'

/** A node as `get_swarm` describes it. */
export interface SwarmNode extends NodeRecord {
  /** 64 hex digits in lower case, of which the `.snode` address is made; the Ed25519 key unless given. */
  readonly pubkeyLegacy?: string
  /** TCP port of OxenMQ; the QUIC port unless given. */
  readonly omqPort?: number
}

/** A member of `snodes` (mailbox RPC §4.13). */
export type SwarmNodeBody = Readonly<Record<string, string | number>>

/** The body of a `get_swarm` reply and of every 421. */
export interface SwarmBody {
  readonly [name: string]: string | number | readonly number[] | readonly SwarmNodeBody[]
  readonly snodes: readonly SwarmNodeBody[]
  /** The id in hex, in lower case and without leading zeros. */
  readonly swarm: string
}

/** Describes the swarm of an account: its id, undefined when there is none at all, and its nodes (mailbox RPC §4.13). */
export function swarmBody(swarm: bigint | undefined, nodes: readonly SwarmNode[], context: ReplyContext): SwarmBody {
  return {
    snodes: swarm === undefined ? [] : nodes.map(describeNode),
    swarm: (swarm ?? NO_SWARM).toString(16),
    t: context.now,
    hf: context.hardFork,
  }
}

/** The refusal by a node that does not serve the account: 421 with the swarm that does (mailbox RPC §2.6). */
export function wrongSwarm(body: SwarmBody): RpcError {
  return new RpcError(421, body)
}

/** `port` is a text in all servers; `port_quic` is there for nodes that have one. */
function describeNode(node: SwarmNode): SwarmNodeBody {
  const legacy = node.pubkeyLegacy ?? node.pubkeyEd25519
  return {
    address: `${encodeBase32z(fromHex(legacy) ?? new Uint8Array())}.snode`,
    pubkey_legacy: legacy,
    pubkey_x25519: node.pubkeyX25519,
    pubkey_ed25519: node.pubkeyEd25519,
    port: String(node.storagePort),
    port_https: node.storagePort,
    port_omq: node.omqPort ?? node.quicPort ?? 0,
    ...(node.quicPort !== undefined && { port_quic: node.quicPort }),
    ip: node.publicIp,
  }
}
