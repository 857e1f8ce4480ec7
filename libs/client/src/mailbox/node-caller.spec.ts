import { beforeEach, describe, expect, it } from '@jest/globals'
import { utf8 } from '#crypto'
import { accountId, USER_PREFIX } from '#protocol'
import { ClockOutOfSyncError, NodeFailedError, WrongSwarmError } from '../onion/errors.ts'
import { SwarmUnavailableError } from './errors.ts'
import { SwarmDirectory } from './swarm-directory.ts'
import { mailboxNetwork, type MailboxNetwork } from '../node/fakes/mailbox-network.suite.ts'

let net: MailboxNetwork
beforeEach(() => {
  net = mailboxNetwork()
})

const store = (): Promise<unknown> =>
  net.client.mailboxes.store(net.signer, { namespace: 2, data: utf8('x'), ttl: 1_000_000 })
const askedFor = (method: string): string[] =>
  net.asked.filter((one) => one.method === method).map(({ node }) => node.ed25519)

describe('NodeCaller', () => {
  it.each([403, 404, 413, 429, 500, 503])('asks other nodes of the swarm after %i', async (status) => {
    let left = 2
    net.disturb = ({ method }) => (method === 'store' && left-- > 0 ? { status, body: 'x' } : undefined)
    await store()
    expect(new Set(askedFor('store')).size).toBe(3)
    expect(askedFor('get_swarm')).toHaveLength(1)
  })

  it('gives up after three tries and blames each node once', async () => {
    net.disturb = ({ method }) => (method === 'store' ? { status: 503, body: 'x' } : undefined)
    await expect(store()).rejects.toBeInstanceOf(NodeFailedError)
    expect(askedFor('store')).toHaveLength(3)
    expect(await net.client.directory.nodes()).toHaveLength(9)
  })

  it('drops a node at its third failure in a row and asks for the swarm again', async () => {
    const { nodes } = await net.client.swarms.swarmOf(net.signer.account)
    const bad = nodes[0]?.ed25519 ?? ''
    for (let i = 0; i < 3; i++) net.client.directory.strike(bad)
    const { nodes: left } = await net.client.swarms.swarmOf(net.signer.account)
    expect(left.map(({ ed25519 }) => ed25519)).not.toContain(bad)
    expect(askedFor('get_swarm')).toHaveLength(2)
    await net.client.swarms.swarmOf(net.signer.account)
    expect(askedFor('get_swarm')).toHaveLength(2)
  })

  it('follows a 421 to the swarm it names', async () => {
    const { account } = net.signer
    const { nodes } = await net.client.swarms.swarmOf(account)
    const own = nodes.map(({ ed25519 }) => ed25519)
    const others = net.nodes.map(({ ed25519 }) => ed25519).filter((key) => !own.includes(key))
    await net.client.swarms.replace(account, others.slice(0, 3))
    await store()
    const asked = askedFor('store')
    expect(asked).toHaveLength(2)
    expect([others.includes(asked[0] ?? ''), own.includes(asked[1] ?? '')]).toEqual([true, true])
    expect((await net.client.swarms.swarmOf(account)).nodes.map(({ ed25519 }) => ed25519).toSorted()).toEqual(
      own.toSorted(),
    )
  })

  it('does not follow 421 for ever', async () => {
    net.disturb = ({ method }) => (method === 'store' ? { status: 421, body: { snodes: [] } } : undefined)
    await expect(store()).rejects.toBeInstanceOf(WrongSwarmError)
    expect(askedFor('store')).toHaveLength(3)
  })

  it.each([600_000, -600_000])('learns the time of a network that is %i ms off', async (skew) => {
    net.skew = skew
    await store()
    expect(net.client.clock.now()).toBe(Math.round(net.environment.now() + skew))
    expect(askedFor('store')).toHaveLength(1)
  })

  it.each([406, 425])('sets the clock after %i and tries once more', async (status) => {
    let refusals = 1
    net.disturb = ({ method }) => (method === 'store' && refusals-- > 0 ? { status, body: 'clock' } : undefined)
    await store()
    expect(askedFor('info')).toHaveLength(3)
    expect(askedFor('store')).toHaveLength(2)
    refusals = 99
    await expect(store()).rejects.toBeInstanceOf(ClockOutOfSyncError)
    expect(askedFor('store')).toHaveLength(4)
    expect(askedFor('info')).toHaveLength(6)
  })

  it('corrects a clock that went wrong after it was set', async () => {
    await store()
    net.skew = -3_600_000
    await store()
    expect(net.client.clock.now()).toBe(Math.round(net.environment.now() + net.skew))
  })

  it('blames a node for an answer that is none and asks another', async () => {
    let left = 1
    net.disturb = ({ method }) => (method === 'retrieve' && left-- > 0 ? { status: 200, body: 'what?' } : undefined)
    await net.client.mailboxes.retrieve(net.signer, { namespace: 0 })
    expect(new Set(askedFor('retrieve')).size).toBe(2)
  })

  it('stays with the one node the caller names', async () => {
    const { nodes } = await net.client.swarms.swarmOf(net.signer.account)
    const node = nodes[1]?.ed25519
    net.disturb = ({ method }) => (method === 'retrieve' ? { status: 500, body: 'x' } : undefined)
    const retrieve = net.client.mailboxes.retrieve(net.signer, { namespace: 0 }, { node })
    await expect(retrieve).rejects.toBeInstanceOf(NodeFailedError)
    expect(askedFor('retrieve')).toEqual([node])
  })
})

describe('SwarmDirectory', () => {
  const swarmOf = (): Promise<unknown> => net.client.swarms.swarmOf(net.signer.account)

  it('asks another node when one fails, and remembers the swarm for an hour', async () => {
    let left = 2
    net.disturb = () => (left-- > 0 ? { status: 500, body: 'x' } : undefined)
    await expect(swarmOf()).resolves.toMatchObject({ nodes: { length: 3 } })
    expect(new Set(askedFor('get_swarm')).size).toBe(3)
    await swarmOf()
    expect(askedFor('get_swarm')).toHaveLength(3)
    net.environment.advance(3_600_000)
    await swarmOf()
    expect(askedFor('get_swarm')).toHaveLength(4)
  })

  it('remembers no more swarms than it may', async () => {
    const { directory, sender, clock } = net.client
    const parts = { environment: net.environment, directory, sender, clock }
    const swarms = new SwarmDirectory(parts, { capacity: 2 })
    const accounts = [1, 2, 3].map((byte) => accountId(USER_PREFIX, new Uint8Array(32).fill(byte)))
    for (const account of accounts) await swarms.swarmOf(account)
    for (const account of accounts.slice(1)) await swarms.swarmOf(account)
    expect(askedFor('get_swarm')).toHaveLength(3)
    for (const account of accounts.slice(0, 1)) await swarms.swarmOf(account)
    expect(askedFor('get_swarm')).toHaveLength(4)
  })

  it('takes no node that is not in the list', async () => {
    net.disturb = () => ({ status: 200, body: { snodes: [{ pubkey_ed25519: 'ab'.repeat(32) }], swarm: '1' } })
    await expect(swarmOf()).rejects.toBeInstanceOf(SwarmUnavailableError)
    expect(askedFor('get_swarm')).toHaveLength(4)
  })

  it('forgives a swarm of which every node was dropped', async () => {
    const { nodes } = await net.client.swarms.swarmOf(net.signer.account)
    for (const { ed25519 } of nodes) net.client.directory.drop(ed25519)
    await expect(swarmOf()).resolves.toMatchObject({ nodes: { length: 3 } })
  })
})
