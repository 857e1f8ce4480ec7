import { beforeEach, describe, expect, it } from '@jest/globals'
import { utf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { createToken, groupSigner, messageHash, subaccountSigner } from '#protocol'
import { NodeRejectedError, UnauthorizedError } from '../onion/errors.ts'
import { NameDisputedError, NameNotFoundError, NodeUnknownError, SwarmUnconfirmedError } from './errors.ts'
import { mailboxNetwork, type MailboxNetwork } from '../node/fakes/mailbox-network.suite.ts'
import { sealName } from './resolve-name.ts'

const TTL = 86_400_000
const data = utf8('hello')

let net: MailboxNetwork
beforeEach(() => {
  net = mailboxNetwork()
})

const mailboxes = (): MailboxNetwork['client']['mailboxes'] => net.client.mailboxes
const store = (text: string, namespace = 0): ReturnType<ReturnType<typeof mailboxes>['store']> =>
  mailboxes().store(net.signer, { namespace, data: utf8(text), ttl: TTL })
const texts = (messages: readonly { readonly data: Uint8Array }[]): string[] =>
  messages.map((message) => new TextDecoder().decode(message.data))

/** Lets one node of every recursive answer lie with `change`. */
function corruptOne(change: Readonly<Record<string, unknown>>): void {
  net.alter = (body) => {
    const { swarm } = body as { swarm?: Record<string, object> }
    if (swarm === undefined) return body
    const [first = ''] = Object.keys(swarm)
    return { ...(body as object), swarm: { ...swarm, [first]: { ...swarm[first], ...change } } }
  }
}

describe('MailboxClient.store', () => {
  it('stores signed and unsigned, and knows a message it has stored before', async () => {
    const { account } = net.signer
    const first = await mailboxes().store(account, { namespace: 0, data, ttl: TTL })
    expect(first).toMatchObject({ hash: messageHash(nativeCrypto, account, 0, data), isKnown: false, isComplete: true })
    expect(first.expiry).toBe(net.environment.now() + TTL)
    expect(first.nodes.map(({ verdict }) => verdict)).toEqual(['confirmed', 'confirmed', 'confirmed'])
    await expect(mailboxes().store(net.signer, { namespace: 0, data, ttl: TTL })).resolves.toMatchObject({
      isKnown: true,
    })
    await expect(store('config', 2)).resolves.toMatchObject({ isComplete: true })
  })

  it('is refused without a key where one is needed', async () => {
    const unsigned = mailboxes().store(net.signer.account, { namespace: 2, data, ttl: TTL })
    await expect(unsigned).rejects.toMatchObject({ code: expect.stringMatching(/UNAUTHORIZED|REJECTED/) })
  })

  it.each([{ signature: 'AAAA' }, { hash: 'A'.repeat(43) }, { expiry: 'soon' }])(
    'reports a node that says %j as forged and goes on with the others',
    async (change) => {
      corruptOne(change)
      const stored = await store('a')
      expect(stored.isComplete).toBe(false)
      expect(stored.nodes.map(({ verdict }) => verdict).toSorted()).toEqual(['confirmed', 'confirmed', 'forged'])
    },
  )

  it('reports nodes that failed, and fails when none confirms', async () => {
    corruptOne({ failed: true, timeout: true })
    const stored = await store('a')
    expect(stored.nodes.filter(({ verdict }) => verdict === 'failed')).toHaveLength(1)
    net.alter = (body) => ({ ...(body as object), ...('swarm' in (body as object) && { swarm: {} }) })
    await net.client.swarms.swarmOf(net.signer.account)
    await expect(store('b')).rejects.toBeInstanceOf(SwarmUnconfirmedError)
  })

  it('takes no word of a key that is no node', async () => {
    const stranger = nativeCrypto.ed25519.createSigner(new Uint8Array(32).fill(99))
    const { account } = net.signer
    await net.client.swarms.swarmOf(account)
    const hash = messageHash(nativeCrypto, account, 0, utf8('a'))
    const signature = Buffer.from(stranger.sign(utf8(hash))).toString('base64')
    const key = Buffer.from(stranger.publicKey).toString('hex')
    net.alter = () => ({ swarm: { [key]: { hash, signature, expiry: net.environment.now() } } })
    await expect(store('a')).rejects.toBeInstanceOf(SwarmUnconfirmedError)
  })
})

describe('MailboxClient.retrieve', () => {
  it('gives what is new since the last time, from the same node', async () => {
    await store('one')
    await store('two')
    const first = await mailboxes().retrieve(net.signer, { namespace: 0, maxCount: 1 })
    expect([texts(first.messages), first.more, first.rejected]).toEqual([['one'], true, 0])
    await store('three')
    expect(texts((await mailboxes().retrieve(net.signer, { namespace: 0 })).messages)).toEqual(['two', 'three'])
    expect((await mailboxes().retrieve(net.signer, { namespace: 0 })).messages).toEqual([])
    const again = await mailboxes().retrieve(net.signer, { namespace: 0, lastHash: '' })
    expect(texts(again.messages)).toEqual(['one', 'two', 'three'])
    expect((await mailboxes().retrieve(net.signer, { namespace: 0 })).messages).toEqual([])
  })

  it('keeps one cursor for each node', async () => {
    await store('one')
    const { nodes } = await mailboxes().getSwarm(net.signer.account)
    for (const { ed25519: node } of nodes) {
      const read = (): ReturnType<ReturnType<typeof mailboxes>['retrieve']> =>
        mailboxes().retrieve(net.signer, { namespace: 0 }, { node })
      expect(texts((await read()).messages)).toEqual(['one'])
      expect((await read()).messages).toEqual([])
    }
  })

  it('throws away what does not fit its hash, counts it, and goes on behind it', async () => {
    await store('one')
    await store('two')
    net.alter = (body) => {
      const { messages } = body as { messages?: object[] }
      return messages === undefined
        ? body
        : {
            ...(body as object),
            messages: messages.map((one, index) => (index === 0 ? one : { ...one, data: 'AAAA' })),
          }
    }
    const page = await mailboxes().retrieve(net.signer, { namespace: 0 })
    expect([texts(page.messages), page.rejected]).toEqual([['one'], 1])
    net.alter = (body) => body
    expect((await mailboxes().retrieve(net.signer, { namespace: 0 })).messages).toEqual([])
  })

  it('passes on how long the node may wait, and waits as long itself', async () => {
    let timeout = 0
    const { network } = net
    const post = network.post.bind(network)
    network.post = (url, body, options) => {
      timeout = options.timeoutMs
      return post(url, body, options)
    }
    await mailboxes().retrieve(net.signer, { namespace: 0, wait: 15_000 })
    expect(net.asked.at(-1)?.params['wait']).toBe(15_000)
    expect(timeout).toBe(25_000)
  })

  it('reads several namespaces at once and reports the ones that are refused', async () => {
    await store('message')
    await store('contacts', 3)
    const wishes = [{ namespace: 0 }, { namespace: 3 }, { namespace: 2 }]
    const parts = await mailboxes().batch(net.signer, wishes)
    expect(parts.map((part) => part.kind === 'page' && texts(part.page.messages))).toEqual([
      ['message'],
      ['contacts'],
      [],
    ])
    net.alter = (body) => {
      const { results } = body as { results: object[] }
      return { results: [results[0], { code: 500, body: 'failed' }, results[2]] }
    }
    const partly = await mailboxes().batch(net.signer, wishes)
    expect(partly.map((part) => (part.kind === 'page' ? 200 : part.status))).toEqual([200, 500, 200])
    net.alter = () => ({ results: wishes.map(() => ({ code: 401, body: 'no' })) })
    await expect(mailboxes().batch(net.signer, wishes)).rejects.toBeInstanceOf(UnauthorizedError)
  })
})

describe('MailboxClient', () => {
  it('deletes by hash, by time and all', async () => {
    const { hash } = await store('one')
    await store('two')
    await store('three', 2)
    expect(await mailboxes().delete(net.signer, [hash])).toMatchObject({ hashes: [hash], isComplete: true })
    const before = await mailboxes().deleteBefore(net.signer, 0, net.environment.now())
    expect(before.hashes).toEqual([messageHash(nativeCrypto, net.signer.account, 0, utf8('two'))])
    expect((await mailboxes().deleteAll(net.signer, 'all')).hashes).toHaveLength(1)
    expect((await mailboxes().deleteAll(net.signer, 2)).hashes).toEqual([])
  })

  it('changes expiries and tells them', async () => {
    const [one, two] = [await store('one'), await store('two')]
    const hashes = [one.hash, two.hash]
    const later = one.expiry + 1_000
    const sooner = one.expiry - 1_000
    const extended = await mailboxes().expire(net.signer, hashes, [later], { mode: 'extend' })
    expect(extended.updated).toEqual(new Map(hashes.map((hash) => [hash, later])))
    const kept = await mailboxes().expire(net.signer, hashes, [sooner, later + 1], { mode: 'shorten' })
    expect([kept.updated, kept.unchanged]).toEqual([new Map([[one.hash, sooner]]), new Map([[two.hash, later]])])
    const unknown = 'A'.repeat(43)
    const expiries = await mailboxes().getExpiries(net.signer, [...hashes, unknown])
    expect(expiries).toEqual(
      new Map([
        [one.hash, sooner],
        [two.hash, later],
      ]),
    )
    expect((await mailboxes().expireAll(net.signer, 0, sooner)).hashes).toEqual([two.hash])
  })

  it('revokes the token of a member and makes it valid again', async () => {
    const seed = new Uint8Array(32).fill(3)
    const group = groupSigner(nativeCrypto, seed)
    const memberSeed = new Uint8Array(32).fill(4)
    const made = createToken(nativeCrypto, seed, nativeCrypto.ed25519.publicKey(memberSeed), 3)
    const member = subaccountSigner(nativeCrypto, group.account, made, memberSeed)
    await mailboxes().store(member, { namespace: 11, data, ttl: TTL })
    await mailboxes().revokeSubaccount(group, [made.token])
    expect((await mailboxes().revokedSubaccounts(group)).map((token) => Buffer.from(token))).toEqual([
      Buffer.from(made.token),
    ])
    const read = (): Promise<unknown> => mailboxes().retrieve(member, { namespace: 11 })
    await expect(read()).rejects.toBeInstanceOf(UnauthorizedError)
    await mailboxes().unrevokeSubaccount(group, [made.token])
    await expect(read()).resolves.toMatchObject({ rejected: 0 })
  })

  it('asks a node about itself', async () => {
    const node = net.nodes[5]?.ed25519 ?? ''
    expect(await mailboxes().info({ node: node.toUpperCase() })).toEqual({
      version: [2, 11, 0],
      timestamp: net.environment.now(),
      hardFork: [19, 4],
    })
    expect(net.asked.map((one) => one.node.ed25519)).toEqual([node])
    await expect(mailboxes().info({ node: 'ab'.repeat(32) })).rejects.toBeInstanceOf(NodeUnknownError)
  })

  it('calls any method and hands over whatever the node says', async () => {
    expect(await mailboxes().rpc('dance', {})).toEqual({ status: 400, body: 'no method dance' })
    const { account } = net.signer
    const params = { pubkey: account.hex, namespace: 2 }
    const refused = await mailboxes().rpc('retrieve', params, { account })
    expect(refused.status).toBe(400)
    const { nodes } = await mailboxes().getSwarm(account)
    const stranger = net.nodes.find((node) => nodes.every(({ ed25519 }) => ed25519 !== node.ed25519))?.ed25519
    const open = { pubkey: account.hex, namespace: -10 }
    expect(await mailboxes().rpc('retrieve', open, { account, node: stranger })).toMatchObject({ status: 421 })
  })

  it('ends at once when the node calls the request malformed', async () => {
    await mailboxes().getSwarm(net.signer.account)
    net.disturb = () => ({ status: 400, body: 'invalid' })
    await expect(store('a')).rejects.toBeInstanceOf(NodeRejectedError)
    expect(net.asked).toHaveLength(2)
  })
})

describe('MailboxClient.resolveName', () => {
  const record = (name: string): object => {
    const sealed = sealName(nativeCrypto, name, net.signer.account, new Uint8Array(24).fill(7))
    return { result: { encrypted_value: sealed?.value.toUpperCase(), nonce: sealed?.nonce } }
  }
  const says = (answer: (index: number) => { status: number; body: unknown }): void => {
    let index = 0
    net.disturb = () => answer(index++)
  }
  const resolve = (name: string): Promise<string> =>
    mailboxes()
      .resolveName(name)
      .then((account) => account.hex)

  it('opens what three nodes agree on, whatever the case of the name', async () => {
    says(() => ({ status: 200, body: record('alice') }))
    expect(await resolve('Alice')).toBe(net.signer.account.hex)
    expect(new Set(net.asked.map((one) => one.node)).size).toBe(3)
  })

  it('asks another node in place of one that fails', async () => {
    says((index) => (index === 1 ? { status: 502, body: 'x' } : { status: 200, body: record('alice') }))
    expect(await resolve('alice')).toBe(net.signer.account.hex)
    expect(net.asked).toHaveLength(4)
  })

  it('trusts no node alone', async () => {
    says((index) => ({ status: 200, body: index === 2 ? { result: {} } : record('alice') }))
    await expect(resolve('alice')).rejects.toBeInstanceOf(NameDisputedError)
    says(() => ({ status: 200, body: record('bob') }))
    await expect(resolve('alice')).rejects.toBeInstanceOf(NameDisputedError)
    says(() => ({ status: 200, body: { result: {} } }))
    await expect(resolve('alice')).rejects.toBeInstanceOf(NameNotFoundError)
  })
})
