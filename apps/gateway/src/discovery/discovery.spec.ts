import { afterEach, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { NO_SWARM } from '#protocol'
import { startTestGateway, type TestGateway, testNodeKeys } from '../testing.suite.ts'
import { VERSION } from '../version.ts'
import type { DiscoveryDocument } from './discovery-document.ts'

let running: TestGateway | undefined
afterEach(async () => running?.stop())

const KEYS = { pubkeyEd25519: 'aa'.repeat(32), pubkeyX25519: 'bb'.repeat(32) }

async function discover(): Promise<DiscoveryDocument> {
  const reply = await request(running?.httpUrl ?? '')
    .get('/.well-known/sotto.json')
    .expect(200)
  expect(reply.headers['content-type']).toBe('application/json')
  return reply.body as DiscoveryDocument
}

describe('the discovery document', () => {
  it('names every node with its keys, swarm and URL', async () => {
    running = await startTestGateway({
      nodeKeys: testNodeKeys(12),
      config: { publicUrl: 'https://sotto.example.org' },
    })
    const { version, nodes } = await discover()
    expect(version).toBe(VERSION)
    expect(nodes).toEqual(
      running.gateway.directory.all.map((node) => ({
        public_ip: '127.0.0.1',
        storage_port: node.storagePort,
        pubkey_ed25519: node.pubkeyEd25519,
        pubkey_x25519: node.pubkeyX25519,
        swarm_id: node.swarmId.toString(),
        url: `https://sotto.example.org/nodes/${node.pubkeyEd25519}`,
      })),
    )
    const swarms = new Map<string, number>()
    for (const { swarm_id } of nodes) swarms.set(swarm_id, (swarms.get(swarm_id) ?? 0) + 1)
    expect([...swarms.values()]).toEqual([3, 3, 3, 3])
    expect(swarms.has(NO_SWARM.toString())).toBe(false)
  })

  it('names the services that answer and leaves out the others', async () => {
    running = await startTestGateway({
      describeService: async (service) => {
        if (service === 'push') throw new Error('nobody listens')
        return { url: 'http://127.0.0.1:3001', ...KEYS }
      },
    })
    expect((await discover()).services).toEqual({
      attachments: {
        url: 'http://127.0.0.1:3001',
        pubkey_ed25519: KEYS.pubkeyEd25519,
        pubkey_x25519: KEYS.pubkeyX25519,
      },
    })
  })
})

describe('scripts of other origins', () => {
  const ORIGIN = 'https://app.example.org'

  it.each(['/.well-known/sotto.json', '/nodes/KEY/get_stats/v1'])('may read %s when they are listed', async (path) => {
    running = await startTestGateway({ config: { corsOrigins: [ORIGIN] } })
    const url = path.replace('KEY', running.nodes[0]?.record.pubkeyEd25519 ?? '')
    const listed = await request(running.httpUrl).get(url).set('origin', ORIGIN).expect(200)
    expect(listed.headers['access-control-allow-origin']).toBe(ORIGIN)
    expect(listed.headers['vary']).toBe('origin')
    const other = await request(running.httpUrl).get(url).set('origin', 'https://evil.example').expect(200)
    expect(other.headers['access-control-allow-origin']).toBeUndefined()
  })

  it('may ask first whether they may send', async () => {
    running = await startTestGateway({ config: { corsOrigins: ['*'] } })
    const reply = await request(running.httpUrl)
      .options(`/nodes/${running.nodes[0]?.record.pubkeyEd25519}/onion_req/v2`)
      .set('origin', ORIGIN)
      .set('access-control-request-method', 'POST')
      .expect(204)
    expect(reply.headers['access-control-allow-origin']).toBe(ORIGIN)
    expect(reply.headers['access-control-allow-methods']).toBe('GET, POST')
  })

  it('learn nothing when no origin is listed', async () => {
    running = await startTestGateway()
    const reply = await request(running.httpUrl).get('/.well-known/sotto.json').set('origin', ORIGIN).expect(200)
    expect(reply.headers['access-control-allow-origin']).toBeUndefined()
  })
})
