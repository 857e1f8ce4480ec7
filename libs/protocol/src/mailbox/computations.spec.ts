import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { toHex } from '#crypto'
import { encodeActiveNodesBin, type NodeRecord, parseActiveNodesBin, sortNodes } from '../nodes/index.ts'
import {
  encodeBase32z,
  isKeyOfUser,
  isPublicInbox,
  isPublicOutbox,
  isRetrievableByAnyone,
  isUnrevocable,
  messageHash,
  SwarmMap,
  swarmPosition,
  userAccountId,
} from './index.ts'
import { account, hex, implementations, vectors } from './vectors.suite.ts'

describe.each(implementations)('mailbox computations with %s crypto', (_name, crypto) => {
  it.each(vectors.message_hashes)('name a message: $name', (vector) => {
    const id = account(vector.account_id)
    const data = vector.data === undefined ? largestData() : hex(vector.data)
    expect(data).toHaveLength(vector.data_length)
    expect(messageHash(crypto, id, vector.namespace, data)).toBe(vector.hash)
  })

  it.each(vectors.origin.filter(({ name }) => name === 'message-hash'))('name a published message', (vector) => {
    expect(messageHash(crypto, account(vector.account_id), vector.namespace, hex(vector.data))).toBe(vector.hash)
  })

  it.each(vectors.ed25519_to_session_id)('give the account of a key: $session_id', (vector) => {
    const key = hex(vector.ed25519_public)
    const id = userAccountId(crypto, key)
    expect(id.hex).toBe(vector.session_id)
    expect(isKeyOfUser(crypto, id, key)).toBe(true)
    expect(isKeyOfUser(crypto, id, hex(vector.ed25519_from_x_sign0))).toBe(true)
    const other = vectors.accounts.second_user
    expect(isKeyOfUser(crypto, id, hex(other.ed25519_public))).toBe(false)
  })

  it.each(vectors.ed25519_to_session_id_negative)('refuse a key that is no point: $name', (vector) => {
    expect(vector.convertible).toBe(false)
    expect(isKeyOfUser(crypto, account(vectors.accounts.user.account_id), hex(vector.ed25519_public))).toBe(false)
  })

  it('read and write the node list, whose order is free', () => {
    const { blob, count, version } = vectors.active_nodes_bin
    const nodes: NodeRecord[] = vectors.nodes.map((node) => ({
      publicIp: node.ip,
      storagePort: node.port_https,
      quicPort: node.port_omq,
      pubkeyEd25519: node.ed25519_public,
      pubkeyX25519: node.x25519_public,
      swarmId: BigInt(node.swarm_id),
      storageVersion: version,
    }))
    expect(nodes).toHaveLength(count)
    expect(sortNodes(parseActiveNodesBin(crypto, hex(blob)))).toEqual(sortNodes(nodes))
    expect(records(toHex(encodeActiveNodesBin(nodes)))).toEqual(records(blob))
  })
})

/** What the vectors describe as SHAKE256('mailbox-primary' ‖ 00 ‖ 'big'). */
function largestData(): Uint8Array {
  return Uint8Array.from(createHash('shake256', { outputLength: 76_800 }).update('mailbox-primary\0big').digest())
}

function records(blob: string): string[] {
  return (blob.match(/.{102}/g) ?? []).sort()
}

describe('swarms', () => {
  it.each(vectors.swarm_space)('have a position for each account: $name', (vector) => {
    expect(swarmPosition(hex(vector.pubkey32)).toString()).toBe(vector.position)
    expect(swarmPosition(hex(vector.pubkey32)).toString(16).padStart(16, '0')).toBe(vector.position_hex)
  })

  it.each(vectors.origin.filter(({ name }) => name === 'swarm-space'))('have the published position', (vector) => {
    expect(swarmPosition(account(vector.account_id).key).toString()).toBe(vector.position)
  })

  it.each(vectors.swarm_selection)('are chosen by distance on the ring: $position', (vector) => {
    const map = new SwarmMap(vector.swarm_ids.map(BigInt).reverse())
    expect(swarmPosition(hex(vector.pubkey32)).toString()).toBe(vector.position)
    expect(map.swarmOf(hex(vector.pubkey32))?.toString()).toBe(vector.selected)
    expect(map.swarmAt(BigInt(vector.position))?.toString()).toBe(vector.selected)
  })

  it.each(vectors.origin.filter(({ name }) => name === 'swarm-selection'))('are chosen as published', (vector) => {
    const map = new SwarmMap(vector.swarm_ids.map(BigInt))
    expect(map.swarmAt(BigInt(vector.position))?.toString()).toBe(vector.selected)
  })

  it('do not exist without ids, and the mark of no swarm is none', () => {
    expect(new SwarmMap([]).swarmAt(5n)).toBeUndefined()
    expect(new SwarmMap([2n ** 64n - 1n]).swarmOf(new Uint8Array(32))).toBeUndefined()
    expect(new SwarmMap([7n]).swarmAt(2n ** 63n)).toBe(7n)
  })
})

describe('namespaces', () => {
  it.each(vectors.namespaces)('have the classes of $namespace', (vector) => {
    const { namespace } = vector
    expect({
      namespace,
      public_inbox: isPublicInbox(namespace),
      public_outbox: isPublicOutbox(namespace),
      noauth_retrieve: isRetrievableByAnyone(namespace),
      unrevocable_retrieve: isUnrevocable(namespace),
    }).toEqual(vector)
  })
})

describe('node addresses', () => {
  it.each(vectors.nodes)('are base32z of the legacy key: $snode_address', (node) => {
    expect(`${encodeBase32z(hex(node.legacy_public))}.snode`).toBe(node.snode_address)
    expect(toHex(hex(node.legacy_public))).toBe(node.legacy_public)
  })
})
