import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { NOW, send, startTestGateway, type TestGateway, testNodeKeys } from '../testing.suite.ts'

let running: TestGateway
beforeAll(async () => {
  running = await startTestGateway({ nodeKeys: testNodeKeys(12) })
})
afterAll(() => running.stop())

interface SeedReply {
  readonly jsonrpc: string
  readonly id: unknown
  readonly result?: {
    readonly height: number
    readonly status: string
    readonly service_node_states: readonly Record<string, unknown>[]
  }
  readonly error?: { readonly code: number; readonly message: string }
}

async function ask(body: unknown, contentType?: string): Promise<SeedReply> {
  const reply = await send(`${running.httpUrl}/json_rpc`, {
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    headers: contentType === undefined ? {} : { 'content-type': contentType },
  })
  expect(reply.status).toBe(200)
  expect(reply.headers['content-type']).toBe('application/json')
  return JSON.parse(reply.text) as SeedReply
}

const DESKTOP = {
  jsonrpc: '2.0',
  method: 'get_n_service_nodes',
  params: {
    active_only: true,
    fields: {
      public_ip: true,
      storage_port: true,
      pubkey_x25519: true,
      pubkey_ed25519: true,
      requested_unlock_height: true,
      height: true,
    },
  },
}

describe('the seed', () => {
  it('gives desktop clients exactly the members they ask for, of all nodes', async () => {
    const { result } = await ask(DESKTOP, 'text/plain;charset=UTF-8')
    expect(result?.status).toBe('OK')
    expect(result?.height).toBe(Math.floor(NOW / 120_000))
    expect(result?.service_node_states).toEqual(
      running.gateway.directory.all.map((node) => ({
        public_ip: '127.0.0.1',
        storage_port: node.storagePort,
        pubkey_ed25519: node.pubkeyEd25519,
        pubkey_x25519: node.pubkeyX25519,
        requested_unlock_height: 0,
      })),
    )
    expect(result?.service_node_states).toHaveLength(12)
  })

  it.each([
    'application/json',
    'text/plain;charset=UTF-8',
    'application/octet-stream',
    'application/x-www-form-urlencoded',
    undefined,
  ])('parses JSON under the content type %s', async (contentType) => {
    expect((await ask(DESKTOP, contentType)).result?.service_node_states).toHaveLength(12)
  })

  it('answers through supertest with the exact content type', async () => {
    const reply = await request(running.httpUrl).post('/json_rpc').send(DESKTOP).expect(200)
    expect(reply.headers['content-type']).toBe('application/json')
    expect((reply.body as SeedReply).result?.service_node_states).toHaveLength(12)
  })

  it.each(['get_n_service_nodes', 'get_service_nodes', 'get_all_service_nodes'])(
    'knows the name %s',
    async (method) => {
      const { result } = await ask({ method })
      expect(result?.service_node_states[0]).toMatchObject({ storage_server_reachable: true, storage_lmq_port: 0 })
    },
  )

  it.each([0, 7, 'a', null])('echoes the id %j', async (id) => {
    expect(await ask({ ...DESKTOP, id })).toMatchObject({ jsonrpc: '2.0', id })
    expect(await ask({ method: 'nothing', id })).toMatchObject({ jsonrpc: '2.0', id })
  })

  it('limits, selects and ignores as it is told', async () => {
    const [first, second] = running.gateway.directory.all
    const wanted = second?.pubkeyEd25519.toUpperCase() ?? ''
    const limited = await ask({ method: 'get_service_nodes', params: { limit: 1, fields: ['pubkey_ed25519'] } })
    expect(limited.result?.service_node_states).toEqual([{ pubkey_ed25519: first?.pubkeyEd25519 }])
    const selected = await ask({
      method: 'get_service_nodes',
      params: { service_node_pubkeys: [wanted], fields: { pubkey_ed25519: true }, poll_block_hash: 'aa' },
    })
    expect(selected.result?.service_node_states).toEqual([{ pubkey_ed25519: second?.pubkeyEd25519 }])
  })

  it.each([
    ['', -32_700],
    ['{', -32_700],
    ['[]', -32_600],
    ['7', -32_600],
    ['{}', -32_600],
    ['{"method":5}', -32_600],
    ['{"method":"get_info"}', -32_601],
    ['{"method":"constructor"}', -32_601],
    ['{"method":"get_service_nodes","params":[]}', -32_602],
    ['{"method":"get_service_nodes","params":{"limit":"x"}}', -32_602],
    ['{"method":"get_service_nodes","params":{"fields":5}}', -32_602],
  ])('answers %s with error %d', async (body, code) => {
    const { error, result } = await ask(body)
    expect(error?.code).toBe(code)
    expect(result).toBeUndefined()
  })

  it.each([
    [65_535, 200],
    [65_536, 200],
    [65_537, 413],
  ])('a body of %d bytes gets %d', async (length, status) => {
    const text = JSON.stringify(DESKTOP)
    const reply = await send(`${running.httpUrl}/json_rpc`, { body: Buffer.from(text.padEnd(length)) })
    expect(reply.status).toBe(status)
  })
})
