import { afterEach, describe, expect, it } from '@jest/globals'
import { createServer } from 'node:net'
import { PortUnavailableError, silentLogger } from '#runtime'
import { createMetrics } from '#runtime'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeNodeReply } from '#protocol'
import { nativeCrypto } from '#crypto/native/index'
import { createGateway, type Gateway } from './gateway.ts'
import type { GatewayConfig } from './config/gateway-config.ts'
import {
  nodeAt,
  nodeRequest,
  NOW,
  echoStorageRpc,
  send,
  startTestGateway,
  takePorts,
  testConfig,
  testNodeKeys,
  textReply,
} from './testing.suite.ts'

const started: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of started.splice(0).reverse()) await stop()
})

/** Takes a port; 0 = one that the system finds free. */
async function occupy(port = 0): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  started.push(() => new Promise((resolve) => server.close(resolve)))
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function create(config: Partial<GatewayConfig>): Promise<Gateway> {
  const directory = mkdtempSync(join(tmpdir(), 'sotto-gateway-'))
  started.push(async () => rmSync(directory, { recursive: true }))
  return createGateway(
    { ...testConfig(directory, takePorts(4)), ...config },
    {
      crypto: nativeCrypto,
      nodeKeys: testNodeKeys(2),
      clock: { now: () => NOW },
      monotonic: performance,
      logger: silentLogger,
      metrics: createMetrics({ process: false }),
      storageRpc: echoStorageRpc,
      describeService: () => Promise.reject(new Error('there are no services')),
    },
  )
}

describe('a gateway whose port is taken', () => {
  it('does not start, names the variable of the nodes and lets go of what it had', async () => {
    // Both out of the range that the system gives to nobody by itself: nobody else takes the first while it is looked at.
    const nodePortBase = takePorts(2)
    await occupy(nodePortBase + 1)
    const gateway = await create({ nodePortBase })
    const error: unknown = await gateway.start().catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(PortUnavailableError)
    expect((error as Error).message).toMatch(/^Port \d+ .*SOTTO_NODE_PORT_BASE.*\.$/)
    const again = createServer()
    await new Promise<void>((resolve, reject) => again.once('error', reject).listen(nodePortBase, '127.0.0.1', resolve))
    await new Promise((resolve) => again.close(resolve))
  })

  it('does not start and names the variable of the HTTP port', async () => {
    const gateway = await create({ httpPort: await occupy() })
    await expect(gateway.start()).rejects.toThrow(/SOTTO_HTTP_PORT/)
  })

  it('may be stopped again after that', async () => {
    const gateway = await create({ httpPort: await occupy() })
    await expect(gateway.start()).rejects.toThrow(PortUnavailableError)
    await expect(gateway.stop()).resolves.toBeUndefined()
  })
})

describe('a gateway that stops', () => {
  it('finishes what is on its way, over several hops, and refuses what is new', async () => {
    const arrived = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const running = await startTestGateway({
      storageRpc: {
        handle: async () => {
          arrived.resolve()
          await release.promise
          return textReply('finished')
        },
      },
    })
    started.push(() => running.stop())
    const { body, replyKey } = nodeRequest([nodeAt(running, 0), nodeAt(running, 1)], '{}')
    const onItsWay = send(`${running.tls(0)}/onion_req/v2`, { body })
    await arrived.promise
    const stopped = running.gateway.stop()
    const refused = await send(`${running.tls(0)}/onion_req/v2`, { body })
    expect([refused.status, refused.text]).toEqual([503, 'Service node is not ready: shutting down\n'])
    release.resolve()
    expect(decodeNodeReply(nativeCrypto, replyKey, (await onItsWay).body).body).toBe('finished')
    await stopped
    await expect(send(`${running.tls(0)}/get_stats/v1`, { method: 'GET' })).rejects.toThrow()
  })

  it('cuts off what takes too long', async () => {
    const arrived = Promise.withResolvers<void>()
    const running = await startTestGateway({
      config: { drainMs: 50 },
      storageRpc: {
        handle: () => {
          arrived.resolve()
          return Promise.withResolvers<never>().promise
        },
      },
    })
    started.push(() => running.stop())
    const { body } = nodeRequest([nodeAt(running, 0)], '{}')
    const cut = expect(send(`${running.tls(0)}/onion_req/v2`, { body })).rejects.toThrow()
    await arrived.promise
    await running.gateway.stop()
    await cut
  })
})

describe('what a gateway tells of its work', () => {
  it('counts layers by kind and requests by route, with nothing of their contents', async () => {
    const running = await startTestGateway()
    started.push(() => running.stop())
    const { body } = nodeRequest([nodeAt(running, 0), nodeAt(running, 1)], '{"method":"info","params":{}}')
    await send(`${running.tls(0)}/onion_req/v2`, { body })
    await send(`${running.tls(0)}/somewhere`, { method: 'GET' })
    const text = await running.metrics.text()
    expect(text).toContain('sotto_gateway_layers_total{kind="relay",status="2xx"} 1')
    expect(text).toContain('sotto_gateway_layers_total{kind="destination",status="2xx"} 1')
    expect(text).toMatch(/sotto_gateway_request_duration_seconds_count\{route="\/onion_req\/v2",status="2xx"\} 1/)
    expect(text).toMatch(/sotto_gateway_request_duration_seconds_count\{route="unknown",status="4xx"\} 1/)
    expect(text).not.toContain('127.0.0.1')
    expect(text).not.toContain('somewhere')
    for (const { record } of running.nodes) expect(text).not.toContain(record.pubkeyEd25519)
  })
})
