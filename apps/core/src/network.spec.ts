import { describe, expect, it } from '@jest/globals'
import { toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import type { SwarmNode } from '#protocol'
import { SwarmNetwork } from './network.ts'

const signers = [1, 2, 3].map((n) => nativeCrypto.ed25519.createSigner(new Uint8Array(32).fill(n)))
const node = (index: number, swarmId: bigint): SwarmNode => ({
  publicIp: '127.0.0.1',
  storagePort: 22_100 + index,
  pubkeyEd25519: toHex(signers[index]?.publicKey ?? new Uint8Array(32)),
  pubkeyX25519: '',
  swarmId,
})
const [own, second, foreign] = [node(0, 10n), node(1, 10n), node(2, 10n)]

describe('SwarmNetwork', () => {
  it('signs for the own nodes of a swarm alone', () => {
    const network = new SwarmNetwork([own, second, foreign], signers.slice(0, 2))
    const served = network.served(signers[0]?.publicKey ?? new Uint8Array(0))
    expect(served?.signers).toEqual(signers.slice(0, 2))
    expect(served?.swarmId).toBe(10n)
    expect(network.membersOf(10n)).toEqual([own, second, foreign])
  })

  it('serves no node of another operator', () => {
    const network = new SwarmNetwork([own, foreign], signers.slice(0, 1))
    expect(network.served(signers[2]?.publicKey ?? new Uint8Array(0))).toBeUndefined()
  })

  it('knows no swarm when there are no nodes', () => {
    const network = new SwarmNetwork([], [])
    expect(network.swarmOf(new Uint8Array(32))).toBeUndefined()
    expect(network.membersOf(1n)).toEqual([])
  })
})
