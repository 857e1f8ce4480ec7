import { describe, expect, it } from '@jest/globals'
import {
  assignSwarmIds,
  NO_SWARM,
  type NodeRecord,
  NodeListParamsError,
  parseGetServiceNodesParams,
  serviceNodesResult,
  serviceNodeState,
  sortNodes,
} from './index.ts'

const node = (digit: string): NodeRecord => ({
  publicIp: '127.0.0.1',
  storagePort: 22100,
  pubkeyEd25519: digit.repeat(64),
  pubkeyX25519: '0'.repeat(64),
  swarmId: 0xabcn,
})
const everything = parseGetServiceNodesParams(undefined)

describe('serviceNodeState', () => {
  it('has every member that a client reads, with the types they need', () => {
    expect(serviceNodeState({ ...node('a'), quicPort: 22200 })).toMatchObject({
      public_ip: '127.0.0.1',
      storage_port: 22100,
      storage_lmq_port: 22200,
      pubkey_ed25519: 'a'.repeat(64),
      pubkey_x25519: '0'.repeat(64),
      requested_unlock_height: 0,
      storage_server_reachable: true,
      swarm: 'abc',
    })
  })

  it('has the wanted members only', () => {
    const fields = new Set(['public_ip', 'height', 'storage_port'])
    expect(serviceNodeState(node('a'), fields)).toEqual({ public_ip: '127.0.0.1', storage_port: 22100 })
  })
})

describe('serviceNodesResult', () => {
  it('gives the same order whatever the order of the nodes', () => {
    const expected = serviceNodesResult([node('a'), node('b'), node('c')], everything, 7)
    expect(serviceNodesResult([node('c'), node('a'), node('b')], everything, 7)).toEqual(expected)
    expect(expected).toMatchObject({ height: 7, status: 'OK' })
  })

  it('gives as many as wanted, of those that are wanted', () => {
    const keys = (params: unknown) =>
      serviceNodesResult(
        [node('c'), node('a'), node('b')],
        parseGetServiceNodesParams(params),
        1,
      ).service_node_states.map((state) => state.pubkey_ed25519?.charAt(0))
    expect(keys({ limit: 2 })).toEqual(['a', 'b'])
    expect(keys({ limit: 0 })).toEqual(['a', 'b', 'c'])
    expect(keys({ limit: 9 })).toEqual(['a', 'b', 'c'])
    expect(keys({ service_node_pubkeys: ['B'.repeat(64)] })).toEqual(['b'])
  })
})

describe('parseGetServiceNodesParams', () => {
  it('reads fields as an object or a list of names', () => {
    const wanted = new Set(['public_ip', 'storage_port'])
    const asObject = { public_ip: true, storage_port: true, height: false }
    expect(parseGetServiceNodesParams({ active_only: true, fields: asObject }).fields).toEqual(wanted)
    expect(parseGetServiceNodesParams({ fields: ['public_ip', 'storage_port'] }).fields).toEqual(wanted)
  })

  it.each([[undefined], [null], [{}], [{ fields: {} }], [{ fields: ['all'] }], [{ poll_block_hash: 'x', other: 1 }]])(
    'takes %j as everything',
    (params) => {
      expect(parseGetServiceNodesParams(params)).toEqual(everything)
    },
  )

  it.each([
    [[]],
    ['x'],
    [{ fields: 'public_ip' }],
    [{ fields: [1] }],
    [{ limit: -1 }],
    [{ limit: '1' }],
    [{ service_node_pubkeys: 'x' }],
  ])('refuses %j', (params) => {
    expect(() => parseGetServiceNodesParams(params)).toThrow(NodeListParamsError)
  })
})

describe('sortNodes', () => {
  it('sorts by Ed25519 key and leaves its argument alone', () => {
    const nodes = [node('f'), node('0'), node('a')]
    expect(sortNodes(nodes).map(({ pubkeyEd25519 }) => pubkeyEd25519.charAt(0))).toEqual(['0', 'a', 'f'])
    expect(nodes[0]?.pubkeyEd25519.charAt(0)).toBe('f')
  })
})

describe('assignSwarmIds', () => {
  it('spreads twelve nodes evenly over four swarms of three', () => {
    const ids = assignSwarmIds(12, 3)
    expect([...new Set(ids)]).toEqual([2n ** 61n, 3n * 2n ** 61n, 5n * 2n ** 61n, 7n * 2n ** 61n])
    for (const id of ids) expect(ids.filter((other) => other === id)).toHaveLength(3)
  })

  it('leaves no swarm short of nodes and gives no node the id of no swarm', () => {
    for (let count = 1; count <= 40; count++) {
      for (let size = 1; size <= 12; size++) {
        const ids = assignSwarmIds(count, size)
        expect(ids).toHaveLength(count)
        for (const id of ids) {
          expect(ids.filter((other) => other === id).length).toBeGreaterThanOrEqual(Math.min(count, size))
          expect(id > 0n && id < NO_SWARM).toBe(true)
        }
      }
    }
  })

  it('refuses numbers that make no sense', () => {
    expect(() => assignSwarmIds(-1, 3)).toThrow(RangeError)
    expect(() => assignSwarmIds(3, 0)).toThrow(RangeError)
  })
})
