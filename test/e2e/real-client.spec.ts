import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { request } from 'node:http'
import { Pool } from 'undici'
import { fromHex, utf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import {
  type AccountId,
  type AccountRequest,
  buildDelete,
  buildDeleteAll,
  buildExpire,
  buildGetExpiries,
  buildRetrieve,
  buildRevokeSubaccount,
  buildStore,
  buildUnrevokeSubaccount,
  createBlindedToken,
  encodeMemberAuth,
  encodeRequest,
  groupSigner,
  MEMBER_FLAGS,
  memberSigner,
  type RecursiveRequest,
  type RpcCall,
  userSigner,
  verifySwarmReply,
} from '#protocol'
import { askThroughOnion, type NodeAnswer, postOnce, type SeedNode, type SubResult } from '../support/desktop-client.ts'
import { type StandaloneProcess, startStandaloneProcess } from '../support/standalone.ts'

const DAY = 86_400_000
const alice = userSigner(nativeCrypto, nativeCrypto.randomBytes(32))
const bob = userSigner(nativeCrypto, nativeCrypto.randomBytes(32))

interface Page {
  readonly messages: readonly { hash: string; data: string; timestamp: number; expiration: number }[]
  readonly more: boolean
  readonly t: number
}

/** The polling of a desktop client and of a plain one, as both were measured on the wire. */
describe('a client as it is in the wild', () => {
  let sotto: StandaloneProcess
  let nodes: readonly SeedNode[]

  beforeAll(async () => {
    sotto = await startStandaloneProcess({})
    nodes = await askSeed('text/plain;charset=UTF-8')
  }, 120_000)
  afterAll(() => sotto.stop())

  function askSeed(contentType: string | undefined): Promise<readonly SeedNode[]> {
    const fields = {
      public_ip: true,
      storage_port: true,
      pubkey_x25519: true,
      pubkey_ed25519: true,
      requested_unlock_height: true,
    }
    const body = JSON.stringify({ jsonrpc: '2.0', method: 'get_n_service_nodes', params: { fields } })
    return new Promise((resolve, reject) => {
      const headers = { 'User-Agent': 'WhatsApp', ...(contentType !== undefined && { 'Content-Type': contentType }) }
      const outgoing = request(`${sotto.network}/json_rpc`, { method: 'POST', headers }, (reply) => {
        expect(reply.headers['content-type']).toBe('application/json')
        let text = ''
        reply.setEncoding('utf8').on('data', (piece: string) => (text += piece))
        reply.on('end', () => {
          const { result } = JSON.parse(text) as { result: { height: number; service_node_states: SeedNode[] } }
          expect(typeof result.height).toBe('number')
          resolve(result.service_node_states)
        })
      })
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  }

  async function swarmOf({ hex }: AccountId, asked = nodes[0]): Promise<readonly SeedNode[]> {
    const call = { jsonrpc: '2.0', method: 'get_swarm', params: { pubkey: hex } }
    const { status, body } = await postOnce(asked as SeedNode, '/storage_rpc/v1', utf8(JSON.stringify(call)))
    expect(status).toBe(200)
    const { snodes } = JSON.parse(body.toString()) as { snodes: { pubkey_ed25519: string }[] }
    return snodes.map(({ pubkey_ed25519 }) => nodes.find((node) => node.pubkey_ed25519 === pubkey_ed25519) as SeedNode)
  }

  /** Asks a node through a path that it is not on, with a `batch` or `sequence` around everything, as the desktop client does. */
  async function ask(
    node: SeedNode,
    requests: readonly (AccountRequest | RpcCall)[],
    method: 'batch' | 'sequence' = 'batch',
  ): Promise<SubResult[]> {
    const path = nodes.filter((one) => one !== node).slice(0, 3)
    const calls = requests.map((one) =>
      'params' in one && !('account' in one) ? one : encodeRequest(one as AccountRequest),
    )
    const answer: NodeAnswer = await askThroughOnion(path, node, { method, params: { requests: calls } })
    expect(answer.status).toBe(200)
    const { results } = answer.body as { results: SubResult[] }
    return results
  }

  const pageOf = ({ code, body }: SubResult): Page => {
    expect(code).toBe(200)
    return body as Page
  }
  const textsOf = ({ messages }: Page): string[] => messages.map(({ data }) => Buffer.from(data, 'base64').toString())
  const storeCall = (account: AccountId, text: string): RpcCall => {
    const data = Buffer.from(text).toString('base64')
    return {
      method: 'store',
      params: { pubkey: account.hex, timestamp: Date.now(), namespace: 0, ttl: 14 * DAY, data },
    }
  }
  const upperCaseKey = (one: AccountRequest): RpcCall => {
    const { method, params } = encodeRequest(one)
    return { method, params: { ...params, pubkey_ed25519: String(params['pubkey_ed25519']).toUpperCase() } }
  }
  const verdicts = (one: RecursiveRequest, body: unknown): string[] => {
    return verifySwarmReply(nativeCrypto, one, body).map(({ verdict }) => verdict)
  }
  const CONFIRMED = ['confirmed', 'confirmed', 'confirmed']

  it('finds all nodes at the seed, with a content type and without', async () => {
    for (const list of [nodes, await askSeed(undefined)]) {
      expect(list.length).toBeGreaterThanOrEqual(12)
      for (const node of list) {
        expect(node).toMatchObject({
          public_ip: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/),
          storage_port: expect.any(Number),
          requested_unlock_height: expect.any(Number),
          pubkey_ed25519: expect.stringMatching(/^[0-9a-f]{64}$/),
          pubkey_x25519: expect.stringMatching(/^[0-9a-f]{64}$/),
        })
      }
      expect(new Set(list.map(({ public_ip, storage_port }) => `${public_ip}:${storage_port}`)).size).toBe(list.length)
    }
  })

  it('tests every guard with a plain request on a connection of its own', async () => {
    for (const node of nodes) expect(await swarmOf(alice.account, node)).toHaveLength(3)
  })

  it('stores by sequence, and polls five namespaces at two nodes of the swarm with a cursor for each', async () => {
    const swarm = await swarmOf(alice.account)
    const [first, second] = swarm as [SeedNode, SeedNode]
    const [stored] = await ask(first, [storeCall(alice.account, 'one')], 'sequence')
    expect(stored).toMatchObject({ code: 200, body: { hash: expect.any(String), t: expect.any(Number) } })
    const configuration = { namespace: 2, timestamp: Date.now(), ttl: 30 * DAY, data: utf8('profile') }
    expect(await ask(second, [buildStore(alice, configuration)])).toMatchObject([{ code: 200 }])

    const poll = async (node: SeedNode, lastHash?: string): Promise<Page[]> => {
      const namespaces = [0, 2, 3, 5, 4]
      const wishes = namespaces.map((namespace) => {
        const cursor = namespace === 0 && lastHash !== undefined ? { lastHash } : {}
        return buildRetrieve(alice, { namespace, maxSize: namespace === 0 ? -2 : -8, ...cursor }, Date.now())
      })
      return (await ask(node, wishes)).map(pageOf)
    }
    const [atFirst, atSecond] = await Promise.all([poll(first), poll(second)])
    for (const pages of [atFirst, atSecond]) {
      expect(pages.map(textsOf)).toEqual([['one'], ['profile'], [], [], []])
      for (const { t, messages } of pages) {
        expect(Math.abs(t - Date.now())).toBeLessThan(30_000)
        for (const { hash, timestamp, expiration } of messages) {
          expect(hash).toHaveLength(43)
          expect(timestamp).toBeGreaterThan(0)
          expect(expiration).toBeGreaterThan(Date.now())
        }
      }
    }
    const last = atFirst[0]?.messages.at(-1)?.hash
    await ask(second, [storeCall(alice.account, 'two')], 'sequence')
    for (const node of [first, second]) expect((await poll(node, last)).map(textsOf)[0]).toEqual(['two'])
  })

  it('extends, reads expiries, deletes and clears, and every node confirms', async () => {
    const [node] = (await swarmOf(bob.account)) as [SeedNode]
    const hashes: string[] = []
    for (const text of ['a', 'b', 'c']) {
      const [stored] = await ask(node, [storeCall(bob.account, text)], 'sequence')
      hashes.push((stored?.body as { hash: string }).hash)
    }
    const [first = '', second = '', third = ''] = hashes
    const expire = buildExpire(bob, [first, second], [Date.now() + DAY], 'shorten')
    const [shortened, page] = await ask(node, [expire, buildRetrieve(bob, { namespace: 0 }, Date.now())])
    expect(verdicts(expire, shortened?.body)).toEqual(CONFIRMED)
    expect(pageOf(page as SubResult).messages).toHaveLength(3)
    const [expiries] = await ask(node, [upperCaseKey(buildGetExpiries(bob, hashes, Date.now()))])
    const times = (expiries?.body as { expiries: Record<string, number> }).expiries
    expect(times[first]).toBeLessThan(times[third] ?? 0)

    const remove = buildDelete(bob, [first])
    const [removed] = await ask(node, [remove])
    expect(verdicts(remove, removed?.body)).toEqual(CONFIRMED)
    const clear = buildDeleteAll(bob, 'all', Date.now())
    const [cleared] = await ask(node, [upperCaseKey(clear)])
    expect(verdicts(clear, cleared?.body)).toEqual(CONFIRMED)
    expect(
      textsOf(pageOf((await ask(node, [buildRetrieve(bob, { namespace: 0 }, Date.now())]))[0] as SubResult)),
    ).toEqual([])
  })

  it('reads as a member of a group until its token is revoked', async () => {
    const seed = nativeCrypto.randomBytes(32)
    const group = groupSigner(nativeCrypto, seed)
    const memberSeed = nativeCrypto.randomBytes(32)
    const member = userSigner(nativeCrypto, memberSeed).account
    const token = createBlindedToken(nativeCrypto, seed, member, MEMBER_FLAGS)
    const signer = memberSigner(nativeCrypto, group.account, memberSeed, encodeMemberAuth(token))
    const [node] = (await swarmOf(group.account)) as [SeedNode]
    const message = { namespace: 11, timestamp: Date.now(), ttl: DAY, data: utf8('to all') }
    expect((await ask(node, [buildStore(signer, message)])).map(({ code }) => code)).toEqual([200])
    const wishes = [-11, 11, 13, 14, 12].map((namespace) => buildRetrieve(signer, { namespace }, Date.now()))
    expect((await ask(node, wishes)).map(pageOf).map(textsOf)).toEqual([[], ['to all'], [], [], []])
    const removal = { namespace: -11, timestamp: Date.now(), ttl: DAY, data: utf8('you were removed') }
    await ask(node, [buildStore(group, removal), buildRevokeSubaccount(group, [token.token], Date.now())])
    const revoked = await ask(node, wishes)
    expect(revoked.map(({ code }) => code)).toEqual([200, 401, 401, 401, 401])
    expect(textsOf(pageOf(revoked[0] as SubResult))).toEqual(['you were removed'])
    const pardon = buildUnrevokeSubaccount(group, [token.token], Date.now())
    const [pardoned] = await ask(node, [pardon])
    expect(verdicts(pardon, pardoned?.body)).toEqual(CONFIRMED)
    expect((await ask(node, wishes)).map(({ code }) => code)).toEqual([200, 200, 200, 200, 200])
  })

  it('is sent to the right swarm by a node of another', async () => {
    const swarm = await swarmOf(alice.account)
    const stranger = nodes.find((node) => !swarm.includes(node)) as SeedNode
    const [result] = await ask(stranger, [storeCall(alice.account, 'astray')], 'sequence')
    expect(result?.code).toBe(421)
    const { snodes } = result?.body as { snodes: { pubkey_ed25519: string }[] }
    expect(snodes.map((one) => one.pubkey_ed25519).sort()).toEqual(swarm.map((one) => one.pubkey_ed25519).sort())
  })

  it('learns that its clock is wrong', async () => {
    const [node] = (await swarmOf(alice.account)) as [SeedNode]
    const wrong = Date.now() - 600_000
    const [info, refused] = await ask(node, [
      { method: 'info', params: {} },
      buildRetrieve(alice, { namespace: 0 }, wrong),
    ])
    expect(refused).toEqual({ code: 406, body: 'retrieve timestamp too far from current time' })
    const offset = (info?.body as { t: number }).t - wrong
    const [again] = await ask(node, [buildRetrieve(alice, { namespace: 0 }, wrong + offset)])
    expect(again?.code).toBe(200)
  })

  it('asks a node for the list of nodes, and gets no name where there is no name service', async () => {
    const node = nodes[5] as SeedNode
    const names = { endpoint: 'ons_resolve', params: { type: 0, name_hash: Buffer.alloc(32).toString('base64') } }
    const list = { method: 'oxend_request', params: { endpoint: 'get_service_nodes', params: { active_only: true } } }
    const [listed, name] = await ask(node, [list, { method: 'oxend_request', params: names }])
    const { result } = listed?.body as { result: { service_node_states: unknown[] } }
    expect(result.service_node_states).toHaveLength(nodes.length)
    expect(name).toEqual({ code: 400, body: 'Unknown oxend error' })
  })

  it('waits through three hops and is told of a message as soon as it is stored', async () => {
    const carol = userSigner(nativeCrypto, nativeCrypto.randomBytes(32))
    const [node, other] = (await swarmOf(carol.account)) as [SeedNode, SeedNode]
    const waiting = ask(node, [buildRetrieve(carol, { namespace: 0, wait: 20_000 }, Date.now())])
    const waits = async (): Promise<boolean> => {
      const metrics = await (await fetch(`${sotto.operations}/metrics`)).text()
      return /^sotto_core_waiting_clients 1$/m.test(metrics)
    }
    while (!(await waits())) await new Promise((resolve) => setTimeout(resolve, 10))
    await ask(other, [storeCall(carol.account, 'at last')], 'sequence')
    expect(textsOf(pageOf((await waiting)[0] as SubResult))).toEqual(['at last'])
  })

  it('polls without an onion, with the names of a smaller client', async () => {
    const dave = userSigner(nativeCrypto, nativeCrypto.randomBytes(32))
    const [node] = (await swarmOf(dave.account)) as [SeedNode]
    const kept = new Pool(`https://127.0.0.1:${node.storage_port}`, {
      connections: 1,
      connect: { rejectUnauthorized: false },
    })
    const url = async (call: RpcCall): Promise<string> => {
      const { body } = await kept.request({ path: '/storage_rpc/v1', method: 'POST', body: JSON.stringify(call) })
      return body.text()
    }
    const stored = await url({ method: 'batch', params: { requests: [storeCall(dave.account, 'plain')] } })
    const { results } = JSON.parse(stored) as { results: { body: { hash: string } }[] }
    const hash = results[0]?.body.hash ?? ''
    expect(fromHex(hash)).toBeUndefined()
    const wishes = [0, 4, 3, 5, 2].map((namespace) => {
      const { method, params } = encodeRequest(buildRetrieve(dave, { namespace }, Date.now()))
      return {
        method,
        params: { ...params, pubkeyEd25519: 'ignored', maxSize: -2, lastHash: namespace === 0 ? hash : '' },
      }
    })
    const polled = await url({ method: 'batch', params: { requests: wishes } })
    const pages = (JSON.parse(polled) as { results: SubResult[] }).results.map(pageOf)
    expect(pages.map(textsOf)).toEqual([[], [], [], [], []])
    await kept.close()
  })
})
