import { describe, expect, it } from '@jest/globals'
import { fromUtf8, utf8 } from '#crypto'
import { assignSwarmIds } from '#protocol'
import { createOwnNodes, NodeDirectory } from '#nodes'
import { NOW, testNodeKeys } from '../testing.suite.ts'
import { LocalStorageRpc } from './local-storage-rpc.ts'

interface Reply {
  readonly status: number
  readonly body: unknown
}

const ACCOUNT = '05eb26dc3c727e36fa303d45bc749e0943c75718fe0ca0fd567e16911e0258d932'
const own = createOwnNodes(testNodeKeys(6), assignSwarmIds(6, 3), { publicIp: '127.0.0.1', portBase: 22_100 })
const directory = new NodeDirectory(own, [])

async function askBytes(bytes: Uint8Array, nodes: NodeDirectory): Promise<Reply> {
  const [node] = own
  if (node === undefined) throw new RangeError('there is a node')
  const { status, isJson, body } = await new LocalStorageRpc(nodes, () => NOW).handle(node, bytes)
  const text = fromUtf8(body) ?? ''
  return { status, body: isJson ? (JSON.parse(text) as unknown) : text }
}

function ask(text: string, nodes = directory): Promise<Reply> {
  return askBytes(utf8(text), nodes)
}

function call(method: string, params: unknown): Promise<Reply> {
  return ask(JSON.stringify({ jsonrpc: '2.0', method, params }))
}

interface Swarm {
  readonly snodes: readonly Record<string, unknown>[]
  readonly swarm: string
}

describe('LocalStorageRpc', () => {
  it.each([
    ['', 'invalid json'],
    ['[]', 'invalid json'],
    ['null', 'invalid json'],
    ['{"params":{}}', 'invalid json: no `method` field'],
    ['{"method":1,"params":{}}', 'invalid json: no `method` field'],
    ['{"method":"info"}', 'invalid json: no `params` field'],
    ['{"method":"info","params":[]}', 'invalid json: no `params` field'],
    ['{"method":"frobnicate","params":{}}', 'no method frobnicate'],
  ])('refuses %s', async (text, body) => {
    expect(await ask(text)).toEqual({ status: 400, body })
  })

  it('refuses bytes that are no UTF-8', async () => {
    const reply = await askBytes(Uint8Array.of(0x22, 0xff, 0x22), directory)
    expect(reply).toEqual({ status: 400, body: 'invalid json' })
  })

  it('tells version, clock and hard fork', async () => {
    expect(await call('info', {})).toEqual({
      status: 200,
      body: { version: [2, 11, 0], timestamp: NOW, t: NOW, hf: [19, 4] },
    })
  })

  it.each(['get_swarm', 'get_snodes_for_pubkey'])('names the nodes of an account by %s', async (method) => {
    const { status, body } = await call(method, { pubkey: ACCOUNT, params: { nested: true } })
    const { snodes, swarm } = body as Swarm
    expect(status).toBe(200)
    expect(body).toMatchObject({ t: NOW, hf: [19, 4] })
    expect(snodes).toHaveLength(3)
    for (const node of snodes) {
      const record = directory.all.find(({ pubkeyEd25519 }) => pubkeyEd25519 === node['pubkey_ed25519'])
      expect(record?.swarmId.toString(16)).toBe(swarm)
      expect(node).toEqual({
        address: expect.stringMatching(/^[a-z1345-9]{52}\.snode$/),
        pubkey_legacy: record?.pubkeyEd25519,
        pubkey_ed25519: record?.pubkeyEd25519,
        pubkey_x25519: record?.pubkeyX25519,
        port: String(record?.storagePort),
        port_https: record?.storagePort,
        port_omq: 0,
        ip: '127.0.0.1',
      })
    }
  })

  it('takes upper-case hex and the other spelling of the account', async () => {
    const { body } = await call('get_swarm', { pubkey: ACCOUNT })
    expect((await call('get_swarm', { pubKey: ACCOUNT.toUpperCase(), pubkey: null })).body).toEqual(body)
  })

  it('says that there is no swarm in a network without nodes', async () => {
    const reply = await ask(
      JSON.stringify({ method: 'get_swarm', params: { pubkey: ACCOUNT } }),
      new NodeDirectory([], []),
    )
    expect(reply.body).toMatchObject({ snodes: [], swarm: 'ffffffffffffffff' })
  })

  it.each([
    [{}, "Required field 'pubkey' missing"],
    [{ pubkey: 5 }, "Invalid value given for 'pubkey': expected string"],
    [{ pubkey: ACCOUNT, pubKey: ACCOUNT }, "Cannot specify both 'pubkey' and 'pubKey'"],
    [{ pubkey: ACCOUNT.slice(2) }, 'Pubkey must be 66 hex digits/33 bytes long'],
    [{ pubkey: `${ACCOUNT.slice(2)}zz` }, 'Pubkey must be 66 hex digits/33 bytes long'],
  ])('refuses the account in %j', async (params, reason) => {
    expect(await call('get_swarm', params)).toEqual({ status: 400, body: `invalid request: ${reason}` })
  })

  it('gives the node list of the seed', async () => {
    const { status, body } = await call('oxend_request', {
      endpoint: 'get_service_nodes',
      params: { fields: { public_ip: true, storage_port: true } },
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({ t: NOW, hf: [19, 4], result: { status: 'OK' } })
    const { result } = body as { result: { service_node_states: unknown[] } }
    expect(result.service_node_states).toEqual(
      directory.all.map(({ publicIp, storagePort }) => ({ public_ip: publicIp, storage_port: storagePort })),
    )
  })

  it.each([
    [{}, "Required field 'endpoint' missing"],
    [{ endpoint: 1 }, "Invalid value given for 'endpoint': expected string"],
    [{ endpoint: 'get_info' }, "Invalid oxend endpoint 'get_info'"],
    [{ endpoint: 'get_service_nodes', params: { limit: -1 } }, 'limit must be a natural number'],
  ])('refuses the node list request %j', async (params, reason) => {
    expect(await call('oxend_request', params)).toEqual({ status: 400, body: `invalid request: ${reason}` })
  })
})
