import { describe, expect, it } from '@jest/globals'
import { toHex } from '#crypto'
import { implementations } from '../onion/vectors.suite.ts'
import {
  ACTIVE_NODE_LENGTH,
  ActiveNodesError,
  deriveNodeKeys,
  encodeActiveNodesBin,
  type NodeRecord,
  parseActiveNodesBin,
  sortNodes,
  STORAGE_VERSION,
} from './index.ts'

describe.each(implementations)('active nodes with %s crypto', (_, crypto) => {
  const node = (index: number): NodeRecord => {
    const keys = deriveNodeKeys(crypto, new Uint8Array(32), index)
    return {
      publicIp: `10.0.${index}.255`,
      storagePort: 22100 + index,
      quicPort: 22200 + index,
      pubkeyEd25519: toHex(keys.ed25519Public),
      pubkeyX25519: toHex(keys.x25519.publicKey),
      swarmId: 2n ** 63n + BigInt(index),
      storageVersion: [2, 11, index],
    }
  }

  it('are read back sorted', () => {
    const nodes = [node(0), node(1), node(2)]
    const bytes = encodeActiveNodesBin(nodes)
    expect(bytes).toHaveLength(3 * ACTIVE_NODE_LENGTH)
    expect(parseActiveNodesBin(crypto, bytes)).toEqual(sortNodes(nodes))
  })

  it('are laid out as specified', () => {
    const record = node(7)
    const rest = '8000000000000007' + '0a0007ff' + '565b' + '56bf' + '020b07'
    expect(toHex(encodeActiveNodesBin([record]))).toBe(record.pubkeyEd25519 + rest)
  })

  it('are skipped by a reader without QUIC port, address or valid key', () => {
    const { quicPort: _quicPort, storageVersion: _version, ...withoutQuic } = node(1)
    const withoutAddress = { ...node(2), publicIp: '0.0.0.0' }
    const withoutKey = { ...node(3), pubkeyEd25519: '01' + '00'.repeat(31) }
    const bytes = encodeActiveNodesBin([node(0), withoutQuic, withoutAddress, withoutKey])
    expect(bytes).toHaveLength(4 * ACTIVE_NODE_LENGTH)
    expect(parseActiveNodesBin(crypto, bytes)).toEqual([node(0)])
  })

  it('carry the version these formats describe unless another is given', () => {
    const { storageVersion: _version, ...record } = node(1)
    expect([...encodeActiveNodesBin([record]).subarray(48)]).toEqual(STORAGE_VERSION)
  })

  it('are refused when truncated or without binary form', () => {
    expect(() => parseActiveNodesBin(crypto, new Uint8Array(50))).toThrow(ActiveNodesError)
    for (const publicIp of ['::1', '1.2.3', '1.2.3.256', '1.2.3.x', '1..2.3']) {
      expect(() => encodeActiveNodesBin([{ ...node(0), publicIp }])).toThrow(ActiveNodesError)
    }
    expect(() => encodeActiveNodesBin([{ ...node(0), pubkeyEd25519: 'ab' }])).toThrow(ActiveNodesError)
  })
})
