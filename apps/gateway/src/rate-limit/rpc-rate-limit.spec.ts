import { afterEach, describe, expect, it } from '@jest/globals'
import { connect } from 'node:net'
import { nodeAt, nodeRequest, send, startTestGateway, type TestGateway } from '../testing.suite.ts'

let running: TestGateway | undefined
afterEach(async () => running?.stop())

async function start(
  burst: number,
  tracked = 10,
): Promise<{ readonly gateway: TestGateway; pass: (ms: number) => void }> {
  let now = 0
  const gateway = await startTestGateway({
    monotonic: { now: () => now },
    config: { rpcLimits: { perSecond: 1, burst, tracked } },
  })
  running = gateway
  return { gateway, pass: (ms) => (now += ms) }
}

const BODY = Buffer.from('{}')

describe.each(['tls', 'http'] as const)('plain storage requests through the %s door', (door) => {
  it.each([
    [1, [200, 429, 429]],
    [2, [200, 200, 429]],
    [3, [200, 200, 200]],
  ])('with %d tokens get %j', async (burst, statuses) => {
    const { gateway } = await start(burst)
    const seen: number[] = []
    for (const index of [0, 1, 2]) {
      seen.push((await send(`${gateway[door](index)}/storage_rpc/v1`, { body: BODY })).status)
    }
    expect(seen).toEqual(statuses)
  })

  it('are told so, counted, and answered again when a token has come back', async () => {
    const { gateway, pass } = await start(1)
    const ask = () => send(`${gateway[door](0)}/storage_rpc/v1`, { body: BODY })
    await ask()
    const refused = await ask()
    expect([refused.status, refused.text, refused.headers['content-type']]).toEqual([
      429,
      'Too Many Requests\n',
      'text/plain',
    ])
    const text = await gateway.metrics.text()
    expect(text).toContain('sotto_gateway_rate_limited_total{reason="empty"} 1')
    expect(text).toContain('sotto_gateway_tracked_clients 1')
    expect(text).not.toContain('127.0.0.1')
    pass(1_000)
    expect((await ask()).status).toBe(200)
  })
})

describe('what is not a plain storage request', () => {
  it('is never limited', async () => {
    const { gateway } = await start(1)
    for (let count = 0; count < 3; count++) {
      const { body } = nodeRequest([nodeAt(gateway, 0)], '{}')
      expect((await send(`${gateway.tls(0)}/onion_req/v2`, { body })).status).toBe(200)
      expect((await send(`${gateway.tls(0)}/get_stats/v1`, { method: 'GET' })).status).toBe(200)
      expect((await send(`${gateway.tls(0)}/ping_test/v1`, { body: BODY })).status).toBe(200)
    }
  })
})

describe('more clients than are tracked', () => {
  /** The status of a plain request from another loopback address. */
  function statusFrom(localAddress: string, port: number, key: string): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    let received = ''
    const socket = connect({ port, host: '127.0.0.1', localAddress }, () => {
      socket.write(
        `POST /nodes/${key}/storage_rpc/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}`,
      )
    })
    socket.on('data', (piece: Buffer) => (received += piece.toString('latin1')))
    socket.once('error', reject)
    socket.once('close', () => resolve(received.slice(9, 12)))
    return promise
  }

  it('are refused until a tracked one is forgotten', async () => {
    const { gateway, pass } = await start(3, 2)
    const from = (host: string) => statusFrom(host, gateway.gateway.httpPort, nodeAt(gateway, 0).record.pubkeyEd25519)
    expect([await from('127.0.0.2'), await from('127.0.0.3'), await from('127.0.0.4')]).toEqual(['200', '200', '429'])
    expect(await gateway.metrics.text()).toContain('sotto_gateway_rate_limited_total{reason="untracked"} 1')
    expect(await from('127.0.0.2')).toBe('200')
    pass(2_000)
    expect(await from('127.0.0.4')).toBe('200')
  })
})
