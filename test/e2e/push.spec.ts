import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { rmSync } from 'node:fs'
import { type DecryptedPush, decryptPush } from '#client'
import { nativeCrypto } from '#crypto/native/index'
import { PushPayloadError, type RequestSigner } from '#protocol'
import { until } from '../support/backends/probe.ts'
import { startFcmFake } from '../support/fakes/fcm/index.ts'
import { Cleanup } from '../support/push-cleanup.ts'
import { connectClient, type OnionClient } from '../support/push-client.ts'
import { PROVIDED, type Provided, type ProvidedDevice, PushProviders } from '../support/push-providers.ts'
import {
  freePortBase,
  type StandaloneProcess,
  startStandaloneProcess,
  temporaryDirectory,
} from '../support/standalone.ts'
import { randomUsers } from '../support/store-load.ts'

const TTL_MS = 86_400_000
/** A provider that was away is asked again after some seconds, half a minute at most. */
const RECOVERY_MS = 60_000

describe('a message that wakes a phone', () => {
  const directory = temporaryDirectory()
  const cleanup = new Cleanup()
  let environment: Record<string, string>
  let providers: PushProviders
  let sotto: StandaloneProcess
  let alice: OnionClient
  let bob: OnionClient

  beforeAll(async () => {
    cleanup.add(() => rmSync(directory, { recursive: true, force: true }))
    providers = await PushProviders.start(`${directory}/credentials`)
    cleanup.add(() => providers.stop())
    const base = await freePortBase()
    environment = { ...providers.environment, SOTTO_DATA_DIR: `${directory}/data`, SOTTO_HTTP_PORT: String(base) }
    sotto = await startStandaloneProcess(environment)
    cleanup.add(async () => void (await sotto.stop()))
    alice = connectClient(sotto.network)
    bob = connectClient(sotto.network)
    cleanup.add(async () => void (await Promise.all([alice.close(), bob.close()])))
  }, 120_000)
  afterAll(() => cleanup.run(), 60_000)

  function user(): RequestSigner {
    const [one] = randomUsers(1) as [RequestSigner]
    return one
  }

  function subscribe(owner: RequestSigner, device: ProvidedDevice): Promise<'added' | 'updated'> {
    return alice.client.push.subscribe(owner, { ...device, namespaces: [0] }, alice.watched)
  }

  /** Bob writes to an account of which he knows the id only. */
  async function store({ account }: RequestSigner): Promise<{ readonly hash: string; readonly data: Uint8Array }> {
    const data = nativeCrypto.randomBytes(700)
    const { hash } = await bob.client.mailboxes.store(account, { namespace: 0, data, ttl: TTL_MS }, bob.watched)
    return { hash, data }
  }

  /** What the device reads of everything that its provider has got for it, once there is so much. */
  async function received(device: ProvidedDevice, count: number, withinMs?: number): Promise<readonly DecryptedPush[]> {
    await until(async () => providers.payloads(device).length >= count, withinMs)
    return providers.payloads(device).map((payload) => decryptPush(nativeCrypto, payload, device.encryptionKey))
  }

  async function subscribers(service: Provided): Promise<string | undefined> {
    const metrics = await (await fetch(`${sotto.operations}/metrics`)).text()
    return new RegExp(`^sotto_push_subscribers\\{service="${service}"\\} (\\d+)$`, 'm').exec(metrics)?.[1]
  }

  it.each(PROVIDED)('goes through three hops, and by %s to the device, which alone can read it', async (service) => {
    const owner = user()
    const device = providers.device(service)
    expect(await subscribe(owner, device)).toBe('added')
    const { hash, data } = await store(owner)
    const [push, ...others] = await received(device, 1)
    expect(others).toEqual([])
    expect(push).toMatchObject({ kind: 'message', hash, namespace: 0, length: data.length })
    expect(push?.account.hex).toBe(owner.account.hex)
    expect(push?.body).toEqual(data)
    const [payload = ''] = providers.payloads(device)
    expect(() => decryptPush(nativeCrypto, payload, providers.device(service).encryptionKey)).toThrow(PushPayloadError)
    expect([...alice.hops, ...bob.hops]).toEqual([3, 3])
  })

  it('becomes a line of the log where the log is the push service', async () => {
    const owner = user()
    const device = { service: 'log', serviceInfo: { token: 'a developer with a log of his own' } }
    const wish = { ...device, encryptionKey: nativeCrypto.randomBytes(32), namespaces: [0] }
    expect(await alice.client.push.subscribe(owner, wish)).toBe('added')
    await store(owner)
    expect(await until(async () => sotto.output().includes('notification-handed-over'))).toBe(true)
  })

  it('reaches every device of an account, and each of its messages', async () => {
    const owner = user()
    const devices = PROVIDED.map((service) => providers.device(service))
    for (const device of devices) await subscribe(owner, device)
    const first = await store(owner)
    for (const device of devices) {
      expect((await received(device, 1)).map(({ hash }) => hash)).toEqual([first.hash])
    }
    const second = await store(owner)
    for (const device of devices) {
      expect((await received(device, 2)).map(({ hash }) => hash)).toEqual([first.hash, second.hash])
    }
  })

  it('is told again after a renewal, with the key of the renewal', async () => {
    const owner = user()
    const device = providers.device('firebase')
    expect(await subscribe(owner, device)).toBe('added')
    const renewed = { ...device, encryptionKey: nativeCrypto.randomBytes(32) }
    expect(await subscribe(owner, renewed)).toBe('updated')
    const { hash } = await store(owner)
    expect(await received(renewed, 1)).toMatchObject([{ kind: 'message', hash }])
  })

  it('is not told to a device that has unsubscribed', async () => {
    const owner = user()
    const [leaving, staying] = [providers.device('firebase'), providers.device('webpush')]
    for (const device of [leaving, staying]) await subscribe(owner, device)
    expect(await alice.client.push.unsubscribe(owner, leaving, alice.watched)).toBe(true)
    expect(await alice.client.push.unsubscribe(owner, leaving, alice.watched)).toBe(false)
    const { hash } = await store(owner)
    expect(await received(staying, 1)).toMatchObject([{ hash }])
    // Both would have been accepted together; another message shows that the queue of the first is not merely slow.
    expect(await subscribe(owner, leaving)).toBe('added')
    const later = await store(owner)
    expect(await received(leaving, 1)).toMatchObject([{ hash: later.hash }])
  })

  it.each(PROVIDED)('takes a device of %s off the list when its provider says that it is gone', async (service) => {
    const owner = user()
    const device = providers.device(service)
    const before = await subscribers(service)
    await subscribe(owner, device)
    expect(await subscribers(service)).toBe(String(Number(before) + 1))
    providers.kill(device)
    await store(owner)
    expect(await until(async () => (await subscribers(service)) === before)).toBe(true)
    expect(providers.payloads(device)).toEqual([])
    expect(await subscribe(owner, device)).toBe('added')
  })

  it('finds its devices after a restart', async () => {
    const owner = user()
    const device = providers.device('webpush')
    await subscribe(owner, device)
    expect(await sotto.stop()).toBe(0)
    sotto = await startStandaloneProcess(environment)
    const { hash } = await store(owner)
    expect(await received(device, 1)).toMatchObject([{ kind: 'message', hash }])
    expect(await subscribe(owner, device)).toBe('updated')
  }, 120_000)

  it('waits for a provider that is away, and all of it arrives', async () => {
    const owner = user()
    const [away, present] = [providers.device('firebase'), providers.device('webpush')]
    for (const device of [away, present]) await subscribe(owner, device)
    const { endpoint, account } = providers.fcm
    await providers.fcm.stop()
    const hashes: string[] = []
    for (let count = 0; count < 5; count++) hashes.push((await store(owner)).hash)
    expect((await received(present, 5)).map(({ hash }) => hash).sort()).toEqual([...hashes].sort())
    expect((await fetch(`${sotto.operations}/readyz`)).status).toBe(200)
    const back = await startFcmFake({ account, port: Number(new URL(endpoint).port) })
    try {
      const got = new Set<string>()
      const hasAll = async (): Promise<boolean> => {
        for (const { token, data } of back.messages.received) {
          if (token === away.id) got.add(decryptPush(nativeCrypto, data['enc_payload'] ?? '', away.encryptionKey).hash)
        }
        return got.size >= hashes.length
      }
      expect(await until(hasAll, RECOVERY_MS)).toBe(true)
      expect([...got].sort()).toEqual([...hashes].sort())
    } finally {
      await back.stop()
    }
  }, 120_000)
})
