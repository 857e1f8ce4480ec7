import { type Crypto, fromHex, InvalidPublicKeyError, toHex } from '#crypto'
import { ActiveNodesError } from './errors.ts'
import { type NodeRecord, sortNodes, STORAGE_VERSION } from './node-record.ts'

/** Length of one record: Ed25519 key (32), swarm id (8), IPv4 (4), HTTPS port (2), QUIC port (2), storage version (3). */
export const ACTIVE_NODE_LENGTH = 51

/**
 * The node list in the binary form of mailbox RPC §4.14, sorted, numbers big endian. A node without QUIC port gets port 0, which
 * makes clients of this form skip it. Throws `ActiveNodesError` for a record that has no binary form.
 */
export function encodeActiveNodesBin(nodes: Iterable<NodeRecord>): Uint8Array {
  const sorted = sortNodes(nodes)
  const bytes = new Uint8Array(sorted.length * ACTIVE_NODE_LENGTH)
  const view = new DataView(bytes.buffer)
  sorted.forEach((node, index) => {
    const start = index * ACTIVE_NODE_LENGTH
    const key = fromHex(node.pubkeyEd25519, 32)
    if (key === undefined) throw new ActiveNodesError('a key is not 64 hex digits')
    bytes.set(key, start)
    view.setBigUint64(start + 32, node.swarmId)
    bytes.set(encodeIpv4(node.publicIp), start + 40)
    view.setUint16(start + 44, node.storagePort)
    view.setUint16(start + 46, node.quicPort ?? 0)
    bytes.set(node.storageVersion ?? STORAGE_VERSION, start + 48)
  })
  return bytes
}

/**
 * The usable records of a binary node list: those without address, without QUIC port or with an invalid key are skipped, as clients
 * do. X25519 keys are converted. Throws `ActiveNodesError` when the length is not a multiple of a record's.
 */
export function parseActiveNodesBin(crypto: Crypto, bytes: Uint8Array): NodeRecord[] {
  if (bytes.length % ACTIVE_NODE_LENGTH !== 0) throw new ActiveNodesError('the list has a truncated record')
  const nodes: NodeRecord[] = []
  for (let start = 0; start < bytes.length; start += ACTIVE_NODE_LENGTH) {
    const node = parseRecord(crypto, bytes.subarray(start, start + ACTIVE_NODE_LENGTH))
    if (node !== undefined) nodes.push(node)
  }
  return nodes
}

function parseRecord(crypto: Crypto, record: Uint8Array): NodeRecord | undefined {
  const view = new DataView(record.buffer, record.byteOffset, record.length)
  const publicIp = record.subarray(40, 44).join('.')
  const quicPort = view.getUint16(46)
  const key = record.subarray(0, 32)
  const x25519 = convertKey(crypto, key)
  if (publicIp === '0.0.0.0' || quicPort === 0 || x25519 === undefined) return undefined
  return {
    publicIp,
    storagePort: view.getUint16(44),
    quicPort,
    pubkeyEd25519: toHex(key),
    pubkeyX25519: toHex(x25519),
    swarmId: view.getBigUint64(32),
    storageVersion: [view.getUint8(48), view.getUint8(49), view.getUint8(50)],
  }
}

function convertKey(crypto: Crypto, key: Uint8Array): Uint8Array | undefined {
  try {
    return crypto.ed25519.toX25519PublicKey(key)
  } catch (cause) {
    if (cause instanceof InvalidPublicKeyError) return undefined
    throw cause
  }
}

function encodeIpv4(address: string): number[] {
  const parts = address.split('.')
  const bytes = parts.map(Number)
  const isIpv4 =
    parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part)) && bytes.every((byte) => byte < 256)
  if (!isIpv4) throw new ActiveNodesError('an address is not IPv4')
  return bytes
}
