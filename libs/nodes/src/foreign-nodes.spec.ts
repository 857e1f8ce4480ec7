import { describe, expect, it } from '@jest/globals'
import { nativeCrypto } from '#crypto/native/index'
import { assignSwarmIds } from '#protocol'
import { NodesFileError } from './errors.ts'
import { isReachable, parseForeignNodes } from './foreign-nodes.ts'
import { NodeDirectory } from './node-directory.ts'
import { clusterNodeKeys } from './node-keys.ts'
import { createOwnNodes } from './own-node.ts'

const keys = clusterNodeKeys(nativeCrypto, new Uint8Array(32).fill(7), 2)
const own = createOwnNodes(keys, assignSwarmIds(2, 1), { publicIp: '192.0.2.1', portBase: 22_100 })
const [first] = own
const document = {
  nodes: own.map(({ record }) => ({
    public_ip: record.publicIp,
    storage_port: record.storagePort,
    pubkey_ed25519: record.pubkeyEd25519,
    pubkey_x25519: record.pubkeyX25519,
    swarm_id: String(record.swarmId),
  })),
}
const [node] = document.nodes

function parseNode(changes: Readonly<Record<string, unknown>>): ReturnType<typeof parseForeignNodes> {
  return parseForeignNodes(nativeCrypto, JSON.stringify({ nodes: [{ ...node, ...changes }] }))
}

describe('parseForeignNodes', () => {
  it('reads the discovery document of another operator', () => {
    const foreign = parseForeignNodes(nativeCrypto, JSON.stringify(document))
    expect(new NodeDirectory([], foreign).all).toEqual(new NodeDirectory(own, []).all)
  })

  it('converts a missing X25519 key', () => {
    expect(parseNode({ pubkey_x25519: undefined })[0]?.pubkeyX25519).toBe(node?.pubkey_x25519)
  })

  it.each(['', '0.0.0.0'])('knows a node at the address %j as unreachable', (public_ip) => {
    expect(parseNode({ public_ip }).map(isReachable)).toEqual([false])
    expect(parseNode({}).map(isReachable)).toEqual([true])
  })

  it.each([
    ['not JSON', '{'],
    ['another document', '{"peers":[]}'],
    ['keys that do not belong together', JSON.stringify({ nodes: [{ ...node, pubkey_x25519: '11'.repeat(32) }] })],
    ['a key that is no point', JSON.stringify({ nodes: [{ ...node, pubkey_ed25519: '02'.padEnd(64, '0') }] })],
    ['a swarm id above 64 bits', JSON.stringify({ nodes: [{ ...node, swarm_id: (2n ** 64n).toString() }] })],
    ['a host name for an address', JSON.stringify({ nodes: [{ ...node, public_ip: 'example.org' }] })],
  ])('refuses %s', (_what, text) => {
    expect(() => parseForeignNodes(nativeCrypto, text)).toThrow(NodesFileError)
  })
})

describe('NodeDirectory', () => {
  it('keeps an own node when another operator claims its key', () => {
    const claimed = parseNode({
      pubkey_ed25519: first?.record.pubkeyEd25519,
      pubkey_x25519: undefined,
      storage_port: 1,
    })
    const directory = new NodeDirectory(own, claimed)
    expect(directory.all).toHaveLength(2)
    expect(directory.findForeign(first?.record.pubkeyEd25519 ?? '')).toBeUndefined()
  })
})
