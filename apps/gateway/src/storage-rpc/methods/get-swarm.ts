import { fromHex } from '#crypto'
import { encodeBase32z, NO_SWARM, type NodeRecord } from '#protocol'
import type { Members } from '../envelope.ts'
import type { RpcMethod } from '../method.ts'
import { RpcError } from '../rpc-error.ts'

/** `get_swarm` (mailbox RPC §4.13): the nodes that serve an account. Any node answers for any account. */
export const getSwarm: RpcMethod = (params, { directory }) => {
  const account = accountOf(params)
  const swarm = directory.swarms.swarmOf(account.subarray(1))
  if (swarm === undefined) return { snodes: [], swarm: NO_SWARM.toString(16) }
  return {
    snodes: directory.all.filter((node) => node.swarmId === swarm).map(describe),
    swarm: swarm.toString(16),
  }
}

function accountOf({ pubkey, pubKey }: Members): Uint8Array {
  const given = pubkey ?? undefined
  const alias = pubKey ?? undefined
  if (given !== undefined && alias !== undefined) {
    throw new RpcError("invalid request: Cannot specify both 'pubkey' and 'pubKey'")
  }
  const text = given ?? alias
  if (text === undefined) throw new RpcError("invalid request: Required field 'pubkey' missing")
  if (typeof text !== 'string') throw new RpcError("invalid request: Invalid value given for 'pubkey': expected string")
  const account = fromHex(text, 33)
  if (account === undefined) throw new RpcError('invalid request: Pubkey must be 66 hex digits/33 bytes long')
  return account
}

/** The legacy key of a node, which only its `.snode` address is made of, is its Ed25519 key. */
function describe(node: NodeRecord): Members {
  return {
    address: `${encodeBase32z(fromHex(node.pubkeyEd25519) as Uint8Array)}.snode`,
    pubkey_legacy: node.pubkeyEd25519,
    pubkey_x25519: node.pubkeyX25519,
    pubkey_ed25519: node.pubkeyEd25519,
    port: String(node.storagePort),
    port_https: node.storagePort,
    port_omq: node.quicPort ?? 0,
    ip: node.publicIp,
  }
}
