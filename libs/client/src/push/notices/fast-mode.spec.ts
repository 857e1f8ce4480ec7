import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { utf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { portableCrypto } from '#crypto/portable/index'
import { MAX_PUSH_BODY, messageHash, PushPayloadError, userSigner } from '#protocol'
import { MailboxClient } from '../../mailbox/mailbox-client.ts'
import { mailboxNetwork, type MailboxNetwork } from '../../node/fakes/mailbox-network.suite.ts'
import { pushPayload } from '../../node/fakes/push-payload.suite.ts'
import { FakePushRelay } from '../../node/fakes/push-relay.suite.ts'
import { StepwiseSleep } from '../../node/fakes/stepwise-sleep.suite.ts'
import { NoticesStateError, PushRefusedError } from '../errors.ts'
import { RENEWAL_INTERVAL_MS } from '../renewal.ts'
import { FastMode } from './fast-mode.ts'
import type { MessageNotice, NoticeHandler } from './message-notice.ts'
import type { FastModeOptions } from './notices-options.ts'

const DAY_MS = 86_400_000
const key = new Uint8Array(32).fill(4)
const device = { service: 'firebase', serviceInfo: { token: 'the-first-token-of-a-phone-that-is-none' } }

let net: MailboxNetwork
let relay: FakePushRelay
let sleeps: StepwiseSleep
let running: FastMode[]
let problems: unknown[]
let handed: MessageNotice[]
beforeEach(() => {
  net = mailboxNetwork()
  relay = new FakePushRelay()
  net.network.serve = relay.serve
  sleeps = new StepwiseSleep()
  running = []
  problems = []
  handed = []
})
afterEach(() => Promise.all(running.map((mode) => mode.stop())))

const keep: NoticeHandler = (notice) => {
  handed.push(notice)
}
const texts = (): string[] => handed.map(({ body }) => new TextDecoder().decode(body.subarray(0, 20)))
const store = (data: Uint8Array, namespace = 0): Promise<unknown> =>
  net.client.mailboxes.store(net.signer, { namespace, data, ttl: 14 * DAY_MS })
const payload = (body: Uint8Array, more: Partial<Parameters<typeof pushPayload>[0]> = {}): string =>
  pushPayload({ account: net.signer.account, key, body, ...more })
const retrievals = (): number => net.asked.filter(({ method }) => method === 'batch').length

function fastMode(options: Partial<FastModeOptions> = {}, crypto = nativeCrypto): FastMode {
  const { environment } = net
  const { directory, sender, swarms, clock, push } = net.client
  const mode = new FastMode(
    {
      environment: { ...environment, crypto, sleep: sleeps.sleep },
      push,
      openMailboxes: (cursors) => new MailboxClient({ environment, directory, sender, swarms, clock }, cursors),
    },
    {
      sources: [{ signer: net.signer, namespaces: [0, 3] }],
      device,
      encryptionKey: key,
      onProblem: (problem) => problems.push(problem),
      ...options,
    },
  )
  running.push(mode)
  return mode
}

/** A mode that has subscribed, has read the mailbox, and rests. */
async function started(options: Partial<FastModeOptions> = {}, handler = keep): Promise<FastMode> {
  const mode = fastMode(options)
  await mode.start(handler)
  ;(await sleeps.next()).wake()
  return mode
}

describe('FastMode', () => {
  it('subscribes, and reads what came before', async () => {
    await store(utf8('before'))
    await fastMode().start(keep)
    expect(relay.rows.size).toBe(1)
    await expect(sleeps.next()).resolves.toMatchObject({ ms: RENEWAL_INTERVAL_MS })
    expect(texts()).toEqual(['before'])
    expect(problems).toEqual([])
  })

  it('hands over the message in a notification without asking the network', async () => {
    const mode = await started()
    const asked = retrievals()
    await expect(mode.receive(payload(utf8('hello')))).resolves.toBe('handed-over')
    expect(texts()).toEqual(['hello'])
    expect(handed[0]).toMatchObject({
      account: net.signer.account,
      namespace: 0,
      hash: messageHash(nativeCrypto, net.signer.account, 0, utf8('hello')),
      timestamp: 1_750_000_000_000,
      expiry: 1_751_209_600_000,
      way: 'push',
    })
    expect(retrievals()).toBe(asked)
  })

  it('opens notifications with portable crypto too', async () => {
    const mode = fastMode({}, portableCrypto)
    await mode.start(keep)
    await expect(mode.receive(payload(utf8('hello')))).resolves.toBe('handed-over')
  })

  it.each([
    ['is too long', new Uint8Array(MAX_PUSH_BODY + 1).fill(97), {}],
    ['is not wanted', utf8('aaaa'), { wantsData: false }],
    ['has another hash, as a relay could pretend', utf8('aaaa'), { hash: 'A'.repeat(43) }],
  ])('reads the mailbox when the body %s', async (_what, body, more) => {
    const mode = await started()
    await store(body)
    await expect(mode.receive(payload(body, more))).resolves.toBe('fetched')
    expect(handed.map(({ way, body: { length } }) => [way, length])).toEqual([['mailbox', body.length]])
  })

  it('hands over each message once, in whatever order and by whatever way it comes', async () => {
    const bodies = ['a', 'b', 'c', 'd'].map((text) => utf8(text))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ at: fc.integer({ min: 0, max: 3 }), wantsData: fc.boolean(), fails: fc.boolean() }), {
          maxLength: 12,
        }),
        async (pushes) => {
          handed = []
          net = mailboxNetwork()
          net.network.serve = relay.serve
          let failures = 0
          const mode = await started({}, async (notice) => {
            if (failures-- > 0) throw new Error('no room')
            await keep(notice)
          })
          for (const body of bodies) await store(body)
          for (const { at, wantsData, fails } of pushes) {
            failures = fails ? 1 : 0
            const received = await mode.receive(payload(bodies[at] ?? key, { wantsData })).catch(String)
            expect(['handed-over', 'duplicate', 'fetched', 'Error: no room']).toContain(received)
          }
          failures = 0
          await mode.receive(payload(utf8('a'), { wantsData: false }))
          expect(texts().sort()).toEqual(['a', 'b', 'c', 'd'])
          await mode.stop()
        },
      ),
      { numRuns: 20 },
    )
  })

  it('counts a message as not seen when the handler fails, and reads the mailbox for it', async () => {
    let failures = 1
    const mode = await started({}, async (notice) => {
      if (failures-- > 0) throw new Error('no room')
      await keep(notice)
    })
    const rest = await sleeps.next()
    expect(rest.ms).toBe(RENEWAL_INTERVAL_MS)
    await store(utf8('hello'))
    await expect(mode.receive(payload(utf8('hello')))).rejects.toThrow('no room')
    await sleeps.next()
    expect(handed.map(({ way }) => way)).toEqual(['mailbox'])
  })

  it('ignores accounts and namespaces that it was not told of', async () => {
    const mode = await started()
    const { account } = userSigner(nativeCrypto, new Uint8Array(32).fill(8))
    await expect(mode.receive(payload(utf8('a'), { account }))).resolves.toBe('not-ours')
    await expect(mode.receive(payload(utf8('a'), { namespace: 5 }))).resolves.toBe('not-ours')
    expect(handed).toEqual([])
  })

  it('refuses what is no payload for its key', async () => {
    const mode = await started()
    await expect(mode.receive('nonsense')).rejects.toBeInstanceOf(PushPayloadError)
    const other = payload(utf8('a'), { key: new Uint8Array(32) })
    await expect(mode.receive(other)).rejects.toBeInstanceOf(PushPayloadError)
  })

  it('renews every day, and reads the mailbox when the relay had forgotten the device', async () => {
    await fastMode().start(keep)
    const first = await sleeps.next()
    net.environment.advance(RENEWAL_INTERVAL_MS)
    const before = retrievals()
    first.wake()
    const second = await sleeps.next()
    expect(relay.bodies).toHaveLength(2)
    expect(retrievals()).toBe(before)
    relay.rows.clear()
    await store(utf8('missed'))
    net.environment.advance(RENEWAL_INTERVAL_MS)
    second.wake()
    await sleeps.next()
    expect(texts()).toEqual(['missed'])
  })

  it('tries a renewal again soon when it fails', async () => {
    await fastMode().start(keep)
    const first = await sleeps.next()
    net.environment.advance(RENEWAL_INTERVAL_MS)
    relay.disturb = () => ({ error: 4, message: '' })
    first.wake()
    const second = await sleeps.next()
    expect(second.ms).toBe(60_000)
    expect(problems).toEqual([expect.any(PushRefusedError)])
  })

  it('does not start when no account can be subscribed, and may be started again', async () => {
    relay.disturb = () => ({ error: 1, message: '' })
    const mode = fastMode()
    await expect(mode.start(keep)).rejects.toBeInstanceOf(PushRefusedError)
    await expect(mode.receive(payload(utf8('a')))).rejects.toBeInstanceOf(NoticesStateError)
    relay.disturb = () => undefined
    await mode.start(keep)
    await expect(mode.start(keep)).rejects.toBeInstanceOf(NoticesStateError)
  })

  it('goes on with the other accounts when one is refused', async () => {
    const other = userSigner(nativeCrypto, new Uint8Array(32).fill(8))
    relay.disturb = ({ request }) => (request['pubkey'] === other.account.hex ? { error: 4, message: '' } : undefined)
    const mode = await started({ sources: [net.signer, other].map((signer) => ({ signer, namespaces: [0] })) })
    expect(problems).toEqual([expect.any(PushRefusedError)])
    await expect(mode.receive(payload(utf8('hello')))).resolves.toBe('handed-over')
  })

  it('follows a new token, and withdraws the old one', async () => {
    const mode = await started()
    const token = 'the-second-token-of-a-phone-that-is-none'
    await mode.changeDevice({ ...device, serviceInfo: { token } })
    expect([...relay.rows].map((row) => row.includes(token))).toEqual([true])
  })

  it('reads the mailboxes after a notification that may stand for several', async () => {
    const mode = await started({ device: { ...device, service: 'apns' } })
    await sleeps.next()
    await store(utf8('first'))
    await store(utf8('second'))
    await mode.receive(payload(utf8('second')))
    await sleeps.next()
    expect(texts()).toEqual(['second', 'first'])
  })

  it('lets subscriptions stand when it ends', async () => {
    const mode = await started()
    await mode.stop()
    expect(relay.rows.size).toBe(1)
    await expect(mode.receive(payload(utf8('a')))).rejects.toBeInstanceOf(NoticesStateError)
    expect(problems).toEqual([])
  })
})
