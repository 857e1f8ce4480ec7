import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { utf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { fakeNodes } from '../node/fakes/environment.suite.ts'
import type { Transport } from '../transport/transport.ts'
import { discoverySource } from './discovery-source.ts'
import { DirectoryUnavailableError } from './errors.ts'
import { seedSource } from './seed-source.ts'

const [node, other] = fakeNodes(2)
if (node === undefined || other === undefined) throw new Error('two nodes are needed')

const entry = {
  public_ip: node.host,
  storage_port: node.port,
  pubkey_ed25519: node.ed25519.toUpperCase(),
  pubkey_x25519: node.x25519.toUpperCase(),
  swarm_id: '0',
  url: `${node.url}/`,
}
const known = {
  host: node.host,
  port: node.port,
  ed25519: node.ed25519,
  x25519: node.x25519,
  swarmId: '0',
  url: node.url,
}

/** A transport that gives one answer, and records what it was asked. */
function answering(status: number, body: string): { transport: Transport; asked: { url: string; body?: string }[] } {
  const asked: { url: string; body?: string }[] = []
  const reply = { status, body: utf8(body) }
  return {
    asked,
    transport: {
      get: (url) => {
        asked.push({ url })
        return Promise.resolve(reply)
      },
      post: (url, bytes) => {
        asked.push({ url, body: new TextDecoder().decode(bytes) })
        return Promise.resolve(reply)
      },
    },
  }
}

describe('discoverySource', () => {
  it('reads nodes and services', async () => {
    const attachments = {
      url: 'http://127.0.0.1:3001/',
      pubkey_ed25519: other.ed25519,
      pubkey_x25519: other.x25519,
    }
    const { transport, asked } = answering(
      200,
      JSON.stringify({
        version: '1',
        nodes: [entry],
        services: { attachments, push: { ...attachments, url: 'http://127.0.0.1:3002/' } },
      }),
    )
    await expect(discoverySource(nativeCrypto, transport, 'http://127.0.0.1:3000/').load()).resolves.toEqual({
      nodes: [known],
      services: {
        attachments: { url: 'http://127.0.0.1:3001', ed25519: other.ed25519, x25519: other.x25519 },
        push: { url: 'http://127.0.0.1:3002', ed25519: other.ed25519, x25519: other.x25519 },
      },
    })
    expect(asked).toEqual([{ url: 'http://127.0.0.1:3000/.well-known/sotto.json' }])
  })

  it.each([
    ['no address', { ...entry, public_ip: '' }],
    ['the address 0.0.0.0', { ...entry, public_ip: '0.0.0.0' }],
    ['a port out of range', { ...entry, storage_port: 65_536 }],
    ['a port that is a text', { ...entry, storage_port: '22' }],
    ['keys that do not belong together', { ...entry, pubkey_x25519: other.x25519 }],
    ['a key that is no point', { ...entry, pubkey_ed25519: 'ff'.repeat(32) }],
    ['a short key', { ...entry, pubkey_ed25519: 'ab' }],
    ['no members', null],
  ])('leaves out a node with %s, and keeps the others', async (_what, bad) => {
    const { transport } = answering(200, JSON.stringify({ nodes: [bad, entry, entry] }))
    const network = await discoverySource(nativeCrypto, transport, 'http://127.0.0.1:3000').load()
    expect(network).toEqual({ nodes: [known], services: {} })
  })

  it.each([
    [404, '{"nodes":[]}'],
    [200, 'no json'],
    [200, '[]'],
    [200, '{"nodes":{}}'],
  ])('refuses %i %p', async (status, body) => {
    const { transport } = answering(status, body)
    const loading = discoverySource(nativeCrypto, transport, 'http://127.0.0.1:3000').load()
    await expect(loading).rejects.toBeInstanceOf(DirectoryUnavailableError)
  })

  it('throws nothing but DirectoryUnavailableError for any JSON', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.json(),
          fc.array(fc.jsonValue()).map((nodes) => JSON.stringify({ nodes })),
        ),
        async (body) => {
          const { transport } = answering(200, body)
          const result = await discoverySource(nativeCrypto, transport, 'http://h')
            .load()
            .catch((error: unknown) => error)
          if (!(result instanceof DirectoryUnavailableError)) expect(result).toHaveProperty('nodes')
        },
      ),
    )
  })
})

describe('seedSource', () => {
  it('asks for the fields that clients need and reads the answer', async () => {
    const result = { height: 1, service_node_states: [entry] }
    const { transport, asked } = answering(200, JSON.stringify({ jsonrpc: '2.0', id: 0, result }))
    const network = await seedSource(nativeCrypto, transport, 'http://127.0.0.1:3000').load()
    expect(network).toEqual({ nodes: [known], services: {} })
    expect(asked[0]?.url).toBe('http://127.0.0.1:3000/json_rpc')
    expect(JSON.parse(asked[0]?.body ?? '')).toMatchObject({
      method: 'get_n_service_nodes',
      params: { active_only: true, fields: { public_ip: true, pubkey_ed25519: true, height: true } },
    })
  })

  it('refuses an answer without a list', async () => {
    const { transport } = answering(200, '{"result":{}}')
    await expect(seedSource(nativeCrypto, transport, 'http://h').load()).rejects.toBeInstanceOf(
      DirectoryUnavailableError,
    )
  })
})
