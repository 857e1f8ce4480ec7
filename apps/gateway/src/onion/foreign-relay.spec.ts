import { afterEach, describe, expect, it } from '@jest/globals'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toHex, utf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { decodeNodeReply } from '#protocol'
import { discoveryDocument } from '../discovery/discovery-document.ts'
import { Readiness } from '../readiness.ts'
import { nodeAt, nodeRequest, send, startTestGateway, type TestGateway, testNodeKeys } from '../testing.suite.ts'

const started: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of started.splice(0).reverse()) await stop()
})

/** Two operators: the second one's nodes know nobody else, the first one's know the second one's. */
async function startTwo(readiness?: Readiness): Promise<readonly [TestGateway, TestGateway]> {
  const directory = mkdtempSync(join(tmpdir(), 'sotto-operators-'))
  started.push(async () => rmSync(directory, { recursive: true }))
  const second = await startTestGateway({ nodeKeys: testNodeKeys(3, 2), ...(readiness !== undefined && { readiness }) })
  started.push(() => second.stop())
  const nodesFile = join(directory, 'nodes.json')
  writeFileSync(nodesFile, JSON.stringify(discoveryDocument(second.gateway.directory, new Map(), '')))
  const first = await startTestGateway({ nodeKeys: testNodeKeys(3, 1), config: { nodesFile } })
  started.push(() => first.stop())
  return [first, second]
}

const RPC = '{"method":"info","params":{}}'

describe('a path across operators', () => {
  it('reaches a node of the other operator', async () => {
    const [first, second] = await startTwo()
    const { body, replyKey } = nodeRequest([nodeAt(first, 0), nodeAt(first, 1), nodeAt(second, 2)], RPC)
    const reply = await send(`${first.tls(0)}/onion_req/v2`, { body })
    expect(decodeNodeReply(nativeCrypto, replyKey, reply.body)).toMatchObject({
      status: 200,
      body: { node: nodeAt(second, 2).record.pubkeyEd25519, text: toHex(utf8(RPC)) },
    })
  })

  it('goes on through several nodes there', async () => {
    const [first, second] = await startTwo()
    const path = [nodeAt(first, 0), nodeAt(second, 0), nodeAt(second, 1), nodeAt(second, 2)]
    const { body, replyKey } = nodeRequest(path, RPC)
    const reply = await send(`${first.tls(0)}/onion_req/v2`, { body })
    expect(decodeNodeReply(nativeCrypto, replyKey, reply.body).status).toBe(200)
  })

  it('counts hops on across the border', async () => {
    const [first, second] = await startTwo()
    const own = Array.from({ length: 15 }, (_, hop) => nodeAt(first, hop % 3))
    const allowed = nodeRequest([...own, nodeAt(second, 0)], RPC)
    expect((await send(`${first.tls(0)}/onion_req/v2`, { body: allowed.body })).status).toBe(200)
    const refused = nodeRequest([...own, nodeAt(first, 0), nodeAt(second, 0)], RPC)
    const reply = await send(`${first.tls(0)}/onion_req/v2`, { body: refused.body })
    expect([reply.status, reply.text]).toEqual([400, 'onion request max path length exceeded'])
  })

  it('brings back what the other operator refuses', async () => {
    const [first, second] = await startTwo()
    const { body } = nodeRequest([nodeAt(first, 0), nodeAt(second, 0), nodeAt(first, 1)], RPC)
    const reply = await send(`${first.tls(0)}/onion_req/v2`, { body })
    const unknown = nodeAt(first, 1).record.pubkeyEd25519
    expect([reply.status, reply.text]).toEqual([502, `Next node not found: ${unknown}`])
  })

  it('names the node of another operator that shuts down', async () => {
    const readiness = new Readiness()
    const [first, second] = await startTwo(readiness)
    readiness.drain()
    const { body } = nodeRequest([nodeAt(first, 0), nodeAt(second, 1)], RPC)
    const reply = await send(`${first.tls(0)}/onion_req/v2`, { body })
    const hop = nodeAt(second, 1).record.pubkeyEd25519
    expect([reply.status, reply.text]).toEqual([503, `Snode not ready: ${hop}`])
  })

  it('names the node of another operator that is gone', async () => {
    const [first, second] = await startTwo()
    const gone = nodeAt(second, 1)
    await second.gateway.stop()
    const { body } = nodeRequest([nodeAt(first, 0), gone], RPC)
    const reply = await send(`${first.tls(0)}/onion_req/v2`, { body })
    expect([reply.status, reply.text]).toEqual([
      502,
      `Next node is currently unreachable: ${gone.record.pubkeyEd25519}`,
    ])
  })

  it('lists all nodes in the same order to everybody', async () => {
    const [first, second] = await startTwo()
    const { all } = first.gateway.directory
    expect(all.map((node) => node.pubkeyEd25519)).toEqual(all.map((node) => node.pubkeyEd25519).sort())
    expect(all).toHaveLength(first.nodes.length + second.nodes.length)
  })
})
