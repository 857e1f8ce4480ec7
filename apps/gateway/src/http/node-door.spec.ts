import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { connect, type ConnectionOptions } from 'node:tls'
import { echoStorageRpc, nodeAt, send, startTestGateway, type TestGateway, textReply } from '../testing.suite.ts'

let running: TestGateway
beforeAll(async () => {
  running = await startTestGateway({
    storageRpc: {
      handle: async (node, text) => (text.length === 4 ? textReply('ünknown', 400) : echoStorageRpc.handle(node, text)),
    },
  })
})
afterAll(() => running.stop())

describe.each(['tls', 'http'] as const)('a node on the %s door', (door) => {
  it('answers the storage RPC without an onion', async () => {
    const body = Buffer.from('{"method":"info","params":{}}')
    const reply = await send(`${running[door](1)}/storage_rpc/v1`, { body })
    expect([reply.status, reply.headers['content-type']]).toEqual([200, 'application/json'])
    const node = nodeAt(running, 1).record.pubkeyEd25519
    expect(JSON.parse(reply.text)).toEqual({ node, text: body.toString('hex') })
  })

  it('answers errors of the storage RPC as text', async () => {
    const reply = await send(`${running[door](1)}/storage_rpc/v1`, { body: Buffer.from('text') })
    expect([reply.status, reply.text, reply.headers['content-type']]).toEqual([400, 'ünknown', 'text/plain'])
  })

  it('sends away clients that poll the old way', async () => {
    const headers = { 'x-loki-long-poll': 'true' }
    const reply = await send(`${running[door](1)}/storage_rpc/v1`, { body: Buffer.from('{}'), headers })
    expect([reply.status, reply.text]).toEqual([410, 'long polling is no longer supported, client upgrade required'])
  })

  it('tells its version', async () => {
    const reply = await send(`${running[door](0)}/get_stats/v1?x=1`, { method: 'GET' })
    expect([reply.status, reply.text]).toEqual([200, '{"version":"2.11.0"}'])
    expect(reply.headers['server']).toBe('Oxen Storage Server/2.11.0')
  })

  it('answers a ping with its key', async () => {
    const reply = await send(`${running[door](2)}/ping_test/v1`, { body: Buffer.from('ping') })
    expect([reply.status, reply.text]).toEqual([200, ''])
    const key = Buffer.from(nodeAt(running, 2).keys.ed25519Public).toString('base64')
    expect(reply.headers['x-oxen-snode-pubkey']).toBe(key)
  })

  it.each([
    ['GET', '/'],
    ['GET', '/onion_req/v2'],
    ['POST', '/onion_req/v3'],
    ['PUT', '/storage_rpc/v1'],
  ])('does not know %s %s', async (method, path) => {
    const reply = await send(`${running[door](0)}${path}`, { method, body: Buffer.from('x') })
    expect(reply.status).toBe(404)
    if (door === 'tls') expect(reply.text).toBe(`${method} ${path} Not Found`)
  })
})

describe('the HTTP port', () => {
  it('does not know the nodes of others', async () => {
    const reply = await send(`${running.httpUrl}/nodes/${'ab'.repeat(32)}/onion_req/v2`, { body: Buffer.from('x') })
    expect(reply.status).toBe(404)
  })

  it('knows its nodes in capitals too', async () => {
    const key = nodeAt(running, 0).record.pubkeyEd25519.toUpperCase()
    expect((await send(`${running.httpUrl}/nodes/${key}/get_stats/v1`, { method: 'GET' })).status).toBe(200)
  })
})

describe('TLS', () => {
  /** Asks for the version over a connection of its own. Rejects when no connection comes about. */
  function ask(
    options: ConnectionOptions,
  ): Promise<{ protocol: string | null; isReused: boolean; ticket: Buffer | undefined }> {
    const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<typeof ask>>>()
    const { storagePort: port } = nodeAt(running, 0).record
    let seen = { protocol: null as string | null, isReused: false }
    let ticket: Buffer | undefined
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => {
      seen = { protocol: socket.getProtocol(), isReused: socket.isSessionReused() }
      socket.write('GET /get_stats/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    })
    socket.on('session', (session) => (ticket = session))
    socket.once('error', reject)
    socket.once('close', () => resolve({ ...seen, ticket }))
    socket.resume()
    return promise
  }

  it('takes up a session again by its ticket', async () => {
    const first = await ask({})
    expect(first.isReused).toBe(false)
    expect((await ask({ session: first.ticket })).isReused).toBe(true)
  })

  it('goes down to 1.2 and no further', async () => {
    expect((await ask({ maxVersion: 'TLSv1.2' })).protocol).toBe('TLSv1.2')
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    await expect(ask(old)).rejects.toThrow()
  })
})
