import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { messageStored, storageRpc } from '#bus'
import { fromUtf8, toHex, utf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import {
  type AccountRequest,
  assignSwarmIds,
  type BatchRequest,
  buildRetrieve,
  buildRevokeSubaccount,
  buildStore,
  buildUnsignedStore,
  createBlindedToken,
  encodeMailboxRequest,
  encodeMemberAuth,
  groupSigner,
  type MailboxRequest,
  MEMBER_FLAGS,
  memberSigner,
  type RequestSigner,
  SwarmMap,
  type SwarmNode,
  userSigner,
} from '#protocol'
import { type Mailboxes, StoreFullError, StoreUnavailableError } from '#stores'
import { type InProcessCore, startInProcessCore, temporaryMailboxes } from '../../../test/support/core-harness.ts'

const seeds = Array.from({ length: 12 }, (_, i) => new Uint8Array(32).fill(i + 1))
const ids = assignSwarmIds(12, 3)
const nodes: readonly SwarmNode[] = seeds.map((seed, i) => {
  const key = nativeCrypto.ed25519.publicKey(seed)
  const pubkeyX25519 = toHex(nativeCrypto.ed25519.toX25519PublicKey(key))
  const swarmId = ids[i] ?? 0n
  return { publicIp: '127.0.0.1', storagePort: 22_100 + i, pubkeyEd25519: toHex(key), pubkeyX25519, swarmId }
})
const swarms = new SwarmMap(ids)
const user = userSigner(nativeCrypto, new Uint8Array(32).fill(99))
const DAY = 86_400_000

interface Answer {
  readonly code: number
  readonly body: unknown
}
interface Page {
  readonly messages: readonly { readonly data: string }[]
  readonly more: boolean
}

describe('the core', () => {
  let core: InProcessCore
  let store: Awaited<ReturnType<typeof temporaryMailboxes>>

  const start = async (
    changes: { mailboxes?: Mailboxes; environment?: Record<string, string> } = {},
  ): Promise<void> => {
    core = await startInProcessCore({ nodes, seeds, clock: Date, mailboxes: store.mailboxes, ...changes })
  }

  beforeEach(async () => {
    store = await temporaryMailboxes({ messages: 100, bytes: 10_000 })
  })

  afterEach(async () => {
    await core.close()
    await store.remove()
  })

  async function askNode(key: Uint8Array, text: Uint8Array): Promise<Answer> {
    const reply = await core.bus.request(storageRpc, { node: key, text }, { timeoutMs: 30_000 })
    const said = fromUtf8(reply.body) ?? ''
    return { code: reply.status, body: reply.isJson ? (JSON.parse(said) as unknown) : said }
  }
  const nodeKey = ({ account }: RequestSigner): Uint8Array => {
    const index = ids.indexOf(swarms.swarmOf(account.key) ?? 0n)
    return nativeCrypto.ed25519.publicKey(seeds[index] ?? new Uint8Array(32))
  }
  const ask = (request: MailboxRequest, signer = user): Promise<Answer> => {
    return askNode(nodeKey(signer), encodeMailboxRequest(request))
  }
  const send = (text: string, namespace = 0, signer = user): Promise<Answer> => {
    const message = { namespace, timestamp: Date.now(), ttl: DAY, data: utf8(text) }
    return ask(namespace === 0 ? buildUnsignedStore(signer.account, message) : buildStore(signer, message), signer)
  }
  const waiting = (wait: number, namespace = 0, signer = user): AccountRequest => {
    return buildRetrieve(signer, { namespace, wait }, Date.now())
  }
  const texts = (body: unknown): string[] => {
    return (body as Page).messages.map(({ data }) => Buffer.from(data, 'base64').toString())
  }
  /** Resolves when a client waits. */
  const untilOneWaits = async (): Promise<void> => {
    while (core.core.waitingClients === 0) await new Promise((resolve) => setTimeout(resolve, 1))
  }

  describe('a retrieve that waits', () => {
    it('is answered when a message arrives', async () => {
      await start()
      const answer = ask(waiting(20_000))
      await untilOneWaits()
      await send('hello')
      expect(texts((await answer).body)).toEqual(['hello'])
      expect(core.core.waitingClients).toBe(0)
    })

    it('is answered at once when there is something', async () => {
      await start()
      await send('hello')
      expect(texts((await ask(waiting(20_000))).body)).toEqual(['hello'])
    })

    it('is answered with nothing when its time is over', async () => {
      await start()
      expect((await ask(waiting(50))).body).toMatchObject({ messages: [], more: false })
      expect(core.core.waitingClients).toBe(0)
    })

    it('is not woken by other namespaces or other accounts', async () => {
      await start()
      const answer = ask(waiting(20_000))
      await untilOneWaits()
      await send('profile', 2)
      await send('to somebody else', 0, userSigner(nativeCrypto, new Uint8Array(32).fill(98)))
      await new Promise((resolve) => setTimeout(resolve, 20))
      expect(core.core.waitingClients).toBe(1)
      await send('hello')
      expect(texts((await answer).body)).toEqual(['hello'])
    })

    it('waits on when it has what arrives already', async () => {
      await start()
      await send('known')
      const { body } = await ask(waiting(0))
      const { hash } = (body as { messages: { hash: string }[] }).messages[0] ?? { hash: '' }
      const answer = ask(buildRetrieve(user, { namespace: 0, wait: 20_000, lastHash: hash }, Date.now()))
      await untilOneWaits()
      await send('known')
      await send('new')
      expect(texts((await answer).body)).toEqual(['new'])
    })

    it('lets a batch wait for any of its namespaces, and answers all of it', async () => {
      await start()
      const requests = [waiting(20_000, 0), waiting(20_000, 2), { method: 'info' }] as BatchRequest['requests']
      const answer = ask({ method: 'batch', requests })
      await untilOneWaits()
      await send('profile', 2)
      const { results } = (await answer).body as { results: Answer[] }
      expect(results.map(({ code }) => code)).toEqual([200, 200, 200])
      expect(results.slice(0, 2).map(({ body }) => texts(body))).toEqual([[], ['profile']])
    })

    it('does not wait when it is refused, alone or in a batch', async () => {
      await start()
      const stale = buildRetrieve(user, { namespace: 0, wait: 20_000 }, Date.now() - 61_000)
      expect((await ask(stale)).code).toBe(406)
      const requests = [stale, waiting(20_000, 2)] as BatchRequest['requests']
      expect((await ask({ method: 'batch', requests })).code).toBe(200)
    })

    it('is refused when its token is revoked while it waits', async () => {
      await start()
      const groupSeed = new Uint8Array(32).fill(50)
      const group = groupSigner(nativeCrypto, groupSeed)
      const token = createBlindedToken(nativeCrypto, groupSeed, user.account, MEMBER_FLAGS)
      const member = memberSigner(nativeCrypto, group.account, new Uint8Array(32).fill(99), encodeMemberAuth(token))
      const answer = ask(waiting(20_000, 11, member), group)
      await untilOneWaits()
      expect((await ask(buildRevokeSubaccount(group, [token.token], Date.now()), group)).code).toBe(200)
      await send('not for everybody', 11, group)
      expect(await answer).toEqual({ code: 401, body: 'retrieve signature verification failed' })
    })

    it('is answered at once when too many wait', async () => {
      await start({ environment: { SOTTO_WAITING_CLIENTS: '1' } })
      const first = ask(waiting(20_000))
      await untilOneWaits()
      expect((await ask(waiting(20_000))).body).toMatchObject({ messages: [] })
      await send('hello')
      expect(texts((await first).body)).toEqual(['hello'])
    })

    it('is answered when the core is about to stop', async () => {
      await start()
      const answer = ask(waiting(20_000))
      await untilOneWaits()
      core.core.releaseWaiting()
      expect((await answer).body).toMatchObject({ messages: [] })
    })
  })

  describe('quota', () => {
    it('removes the oldest message for a new one', async () => {
      await start()
      for (let i = 0; i < 12; i++) await send(String(i).padEnd(1_000))
      const { body } = await ask(waiting(0))
      expect(texts(body).map(Number)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    })

    it('keeps the configuration, and refuses with its code what does not fit beside it', async () => {
      await start()
      for (let i = 0; i < 9; i++) expect((await send(String(i).padEnd(1_000), 3)).code).toBe(200)
      expect((await send('message'.padEnd(1_000))).code).toBe(200)
      expect(await send('long message'.padEnd(1_001))).toEqual({ code: 429, body: 'MAILBOX_QUOTA_EXCEEDED' })
      expect(texts((await ask(waiting(0, 3))).body)).toHaveLength(9)
      expect(texts((await ask(waiting(0))).body)).toEqual(['message'.padEnd(1_000)])
    })
  })

  describe('pages', () => {
    it('share the longest reply when several are asked for at once', async () => {
      await store.remove()
      store = await temporaryMailboxes()
      await start()
      const text = 'x'.repeat(76_000)
      for (let i = 0; i < 60; i++) await send(`${i}${text}`)
      const one = { namespace: 0, maxSize: -1 }
      const requests = [buildRetrieve(user, one, Date.now()), buildRetrieve(user, one, Date.now())] as const
      const { body } = await ask({ method: 'batch', requests })
      const pages = (body as { results: { body: Page }[] }).results.map((result) => result.body)
      expect(pages.map(({ more }) => more)).toEqual([true, true])
      expect(pages.map(({ messages }) => messages.length)).toEqual([38, 38])
      expect(((await ask(requests[0])).body as Page).messages).toHaveLength(60)
    })
  })

  describe('a store that fails', () => {
    const failing = (error: Error): Mailboxes => {
      const away = async (): Promise<never> => {
        throw error
      }
      const failing: Mailboxes = Object.create(store.mailboxes) as Mailboxes
      return Object.assign(failing, { store: away, retrieve: away })
    }

    it.each([new StoreUnavailableError('away'), new StoreFullError('full')])('answers 503 for $name', async (error) => {
      await start({ mailboxes: failing(error) })
      const refusal = { code: 503, body: 'Service node is not ready: storage unavailable\n' }
      expect(await send('hello')).toEqual(refusal)
      expect(await ask({ method: 'batch', requests: [waiting(20_000) as never] })).toEqual({
        code: 200,
        body: { results: [refusal] },
      })
    })

    it('answers 500 without its reason for anything else', async () => {
      await start({ mailboxes: failing(new Error('secret words')) })
      expect(await send('hello')).toEqual({ code: 500, body: 'request failed' })
    })
  })

  it('says so when it is asked as a node that it does not know', async () => {
    await start()
    const answer = await askNode(new Uint8Array(32), encodeMailboxRequest({ method: 'info' }))
    expect(answer).toEqual({ code: 503, body: 'Service node is not ready: unknown to its storage\n' })
  })

  it('publishes one event for each new message, and none for one that is there', async () => {
    await start()
    await send('first')
    await send('first')
    await send('x'.repeat(2_501), 3)
    const seen: { namespace: number; size: number; data: string | undefined }[] = []
    const subscription = await core.events.subscribe(messageStored, {
      durable: 'test',
      maxInFlight: 10,
      ackWaitMs: 30_000,
      maxDeliver: 5,
      handler: async ({ namespace, size, data }) => {
        seen.push({ namespace, size, data: data && fromUtf8(data) })
      },
    })
    while (seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
    await subscription.close()
    expect(seen).toEqual([
      { namespace: 0, size: 5, data: 'first' },
      { namespace: 3, size: 2_501, data: undefined },
    ])
    while ((await store.mailboxes.outbox(Date.now() + DAY, 10)).length > 0) {
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })
})
