import { beforeEach, describe, expect, it } from '@jest/globals'
import { utf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { portableCrypto } from '#crypto/portable/index'
import { checkSubscribe, checkUnsubscribe, groupSigner, tokenRules, userSigner } from '#protocol'
import { createClient } from '../client.ts'
import { RequestAbortedError } from '../errors.ts'
import { fakeSource } from '../node/fakes/environment.suite.ts'
import { json } from '../node/fakes/file-server.suite.ts'
import { mailboxNetwork, type MailboxNetwork } from '../node/fakes/mailbox-network.suite.ts'
import { FakePushRelay } from '../node/fakes/push-relay.suite.ts'
import { guardByTls } from '../onion/guard-url.ts'
import { NoPushServiceError, PushRefusedError, PushReplyError, PushServerError } from './errors.ts'
import type { PushWish, SubscribeWish } from './push-client.ts'

const DAY_MS = 86_400_000
const wish: PushWish = {
  service: 'firebase',
  serviceInfo: { token: 'a-token-of-no-phone-that-there-is-anywhere' },
  encryptionKey: new Uint8Array(32).fill(9),
  namespaces: [0, 2, 3, 4, 5],
}

let net: MailboxNetwork
let relay: FakePushRelay
beforeEach(() => {
  net = mailboxNetwork()
  relay = new FakePushRelay()
  net.network.serve = relay.serve
})

const owner = (seed: number): SubscribeWish['owner'] => userSigner(nativeCrypto, new Uint8Array(32).fill(seed))
const wishes = (count: number): SubscribeWish[] =>
  Array.from({ length: count }, (_, index) => ({
    ...wish,
    owner: net.signer,
    serviceInfo: { token: `${index}`.padStart(40, 't') },
  }))
const refusal = (error: number): object => ({ error, message: 'as it is' })

describe.each([nativeCrypto, portableCrypto])('PushClient with $implementation crypto', (crypto) => {
  it('sends what a relay accepts, for users and groups', async () => {
    const signers = [userSigner(crypto, new Uint8Array(32).fill(1)), groupSigner(crypto, new Uint8Array(32).fill(2))]
    await net.client.push.subscribeAll(signers.map((signer) => ({ owner: signer, ...wish })))
    await net.client.push.unsubscribeAll(signers.map((signer) => ({ owner: signer, ...wish })))
    const now = Math.floor(net.environment.now() / 1_000)
    const context = { crypto, now, services: new Map([['firebase', tokenRules.firebase]]) }
    for (const [index, { account }] of signers.entries()) {
      const subscribed = await checkSubscribe(relay.bodies[0]?.[index]?.request, context)
      expect(subscribed).toMatchObject({ namespaces: wish.namespaces, wantsData: true, signedAt: now })
      expect(subscribed.account.hex).toBe(account.hex)
      const unsubscribed = await checkUnsubscribe(relay.bodies[1]?.[index]?.request, context)
      expect(unsubscribed.account.hex).toBe(account.hex)
    }
  })
})

describe('PushClient', () => {
  it('tells a new subscription from a renewed one, and whether there was one to withdraw', async () => {
    const { push } = net.client
    await expect(push.subscribe(net.signer, wish)).resolves.toBe('added')
    await expect(push.subscribe(net.signer, wish)).resolves.toBe('updated')
    await expect(push.unsubscribe(net.signer, wish)).resolves.toBe(true)
    await expect(push.unsubscribe(net.signer, wish)).resolves.toBe(false)
  })

  it('takes an error under HTTP 200 for the failure that it is', async () => {
    relay.disturb = () => refusal(4)
    const failing = net.client.push.subscribe(net.signer, wish)
    await expect(failing).rejects.toMatchObject({ code: 'CLIENT_PUSH_REFUSED', pushCode: 4, text: 'as it is' })
    await expect(failing).rejects.not.toThrow('as it is')
    expect(relay.bodies).toHaveLength(1)
  })

  it('gives every element of a batch its own result, in order', async () => {
    const refused = owner(3).account.hex
    relay.disturb = ({ request }) => (request['pubkey'] === refused ? refusal(1) : undefined)
    const results = await net.client.push.subscribeAll([1, 3, 5].map((seed) => ({ owner: owner(seed), ...wish })))
    expect(results).toEqual([
      { kind: 'added' },
      { kind: 'refused', errorCode: 1, message: 'as it is' },
      { kind: 'added' },
    ])
  })

  it.each([2, 3, 5])('tries again after code %i, only with what has no result yet', async (code) => {
    const busy = owner(3).account.hex
    let left = 2
    relay.disturb = ({ request }) => (request['pubkey'] === busy && left-- > 0 ? refusal(code) : undefined)
    const results = await net.client.push.subscribeAll([1, 3, 5].map((seed) => ({ owner: owner(seed), ...wish })))
    expect(results).toEqual([{ kind: 'added' }, { kind: 'added' }, { kind: 'added' }])
    expect(relay.bodies.map((body) => body.length)).toEqual([3, 1, 1])
    expect(net.environment.pauses).toHaveLength(2)
  })

  it('gives up after four tries, and says with which code', async () => {
    relay.disturb = () => refusal(2)
    await expect(net.client.push.subscribeAll([{ owner: net.signer, ...wish }])).resolves.toEqual([
      { kind: 'refused', errorCode: 2, message: 'as it is' },
    ])
    await expect(net.client.push.subscribe(net.signer, wish)).rejects.toBeInstanceOf(PushRefusedError)
    expect(relay.bodies).toHaveLength(8)
  })

  it('signs for the time of the network from the first request on', async () => {
    net.skew = -3_600_000
    await net.client.push.subscribe(net.signer, wish)
    await net.client.push.unsubscribe(net.signer, wish)
    const times = relay.bodies.map(([one]) => one?.request['sig_ts'])
    expect(times).toEqual([1, 2].map(() => Math.floor((net.environment.now() + net.skew) / 1_000)))
    expect(net.asked.map(({ method }) => method)).toEqual(['info'])
  })

  it('learns the time anew once a refusal makes it doubt what it knows', async () => {
    await net.client.push.subscribe(net.signer, wish)
    relay.bodies.length = 0
    relay.rows.clear()
    net.client.clock.reset()
    net.skew = 20 * DAY_MS
    const relayNow = (net.environment.now() + net.skew) / 1_000
    relay.disturb = ({ request }) => (Math.abs(Number(request['sig_ts']) - relayNow) > 3_600 ? refusal(4) : undefined)
    await expect(net.client.push.subscribe(net.signer, wish)).resolves.toBe('added')
    expect(relay.bodies).toHaveLength(2)
  })

  it('lets a refusal stand when nobody tells the time', async () => {
    relay.disturb = () => refusal(4)
    net.disturb = () => ({ status: 500, body: {} })
    await expect(net.client.push.subscribe(net.signer, wish)).rejects.toBeInstanceOf(PushRefusedError)
    expect(relay.bodies).toHaveLength(1)
  })

  it('sends at most 100 requests in a body, and keeps their order', async () => {
    relay.disturb = ({ request }) => ({ error: 4, message: (request['service_info'] as { token: string }).token })
    const many = wishes(250)
    const results = await net.client.push.subscribeAll(many)
    expect(relay.bodies.map((body) => body.length)).toEqual([100, 100, 50])
    expect(results.map((result) => 'message' in result && { token: result.message })).toEqual(
      many.map(({ serviceInfo }) => serviceInfo),
    )
  })

  it('takes a refusal of the whole array for one of every element', async () => {
    net.network.serve = () => json(200, refusal(1))
    const results = await net.client.push.unsubscribeAll(wishes(2))
    expect(results.map(({ kind }) => kind)).toEqual(['refused', 'refused'])
  })

  it.each([
    ['no JSON', { code: 200, body: utf8('ok') }],
    ['a success that says nothing', json(200, [{ success: true }])],
    ['more results than requests', json(200, [refusal(4), refusal(4)])],
    ['a success for an array', json(200, { success: true, added: true })],
    ['the result of something else', json(200, [{ success: true, removed: true }])],
    ['an error that is no number', json(200, [{ error: '4' }])],
  ])('does not understand %s', async (_what, reply) => {
    net.network.serve = () => reply
    await expect(net.client.push.subscribe(net.signer, wish)).rejects.toBeInstanceOf(PushReplyError)
  })

  it('tries again after an HTTP error that may pass, and after no other', async () => {
    let calls = 0
    net.network.serve = (request) => (++calls < 3 ? json(503, {}) : relay.serve(request))
    await expect(net.client.push.subscribe(net.signer, wish)).resolves.toBe('added')
    net.network.serve = () => json(404, {})
    await expect(net.client.push.subscribe(net.signer, wish)).rejects.toBeInstanceOf(PushServerError)
  })

  it('ends when it is aborted', async () => {
    const controller = new AbortController()
    relay.disturb = () => {
      controller.abort()
      return refusal(2)
    }
    const subscribing = net.client.push.subscribe(net.signer, wish, { signal: controller.signal })
    await expect(subscribing).rejects.toBeInstanceOf(RequestAbortedError)
    expect(relay.bodies).toHaveLength(1)
  })

  it('says so when the network has no push relay', async () => {
    const { environment, network, nodes } = net
    const bare = createClient({ environment, transport: network, guardUrl: guardByTls, network: fakeSource(nodes) })
    await expect(bare.push.subscribe(net.signer, wish)).rejects.toBeInstanceOf(NoPushServiceError)
  })

  it('keeps keys and tokens out of what it throws', async () => {
    relay.disturb = () => refusal(4)
    const error: unknown = await net.client.push.subscribe(net.signer, wish).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(PushRefusedError)
    expect(String(error)).not.toContain(net.signer.account.hex)
  })
})

describe('the key for endpoints', () => {
  const key = `B${'k'.repeat(86)}`

  it('is what the relay says', async () => {
    net.network.serve = ({ method, endpoint }) => {
      expect([method, endpoint]).toEqual(['GET', '/application_server_key'])
      return json(200, { application_server_key: key })
    }
    expect(await net.client.push.applicationServerKey()).toBe(key)
  })

  it('is none where no Web Push is served', async () => {
    net.network.serve = () => json(404, { status_code: 404 })
    expect(await net.client.push.applicationServerKey()).toBeUndefined()
  })

  it.each([{}, { application_server_key: 5 }, { application_server_key: key.slice(1) }])(
    'is not %j',
    async (answer) => {
      net.network.serve = () => json(200, answer)
      await expect(net.client.push.applicationServerKey()).rejects.toThrow(PushReplyError)
    },
  )
})
