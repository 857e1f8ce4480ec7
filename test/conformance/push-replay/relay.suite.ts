import { messageStored } from '#bus'
import { nativeCrypto } from '#crypto/native/index'
import { type AccountId, decryptPushPayload, PushPayloadError } from '#protocol'
import type { Notifications, Subscriptions } from '#stores'
import { type InProcessPush, RecordingProvider, startInProcessPush } from '../../support/push-harness.ts'
import { ended, shownBooks } from '../../support/push-books.ts'
import { KEYS, NOON_S } from './requests.suite.ts'

export interface ReplayStores {
  readonly subscriptions: Subscriptions
  readonly notifications: Notifications
}

/** In which messages are stored to see who is woken. */
const NAMESPACES = [0, 2, 3]

/** A relay of which a test asks what it does rather than what it says. */
export class ReplayRelay {
  readonly #stores: ReplayStores
  readonly #provider = new RecordingProvider()
  #push: InProcessPush | undefined
  #messages = 0
  /** The relay's clock, in seconds. */
  now = NOON_S

  constructor(stores: ReplayStores) {
    this.#stores = stores
  }

  async start(): Promise<void> {
    this.#push = await startInProcessPush({
      clock: { now: () => this.now * 1_000 },
      stores: this.#stores,
      providers: new Map([['firebase', this.#provider]]),
    })
  }

  get push(): InProcessPush {
    if (this.#push === undefined) throw new Error('the relay does not run')
    return this.#push
  }

  async close(): Promise<void> {
    await this.push.close()
  }

  /** How many subscriptions there are. */
  async rows(): Promise<number> {
    return [...(await this.#stores.subscriptions.counts()).values()].reduce((sum, count) => sum + count, 0)
  }

  /** Stores a message in each namespace; what devices have got of them, as `<namespace> <token> <number of the key>`, with `body` if it was there. */
  async wakes(account: AccountId): Promise<string[]> {
    this.#provider.received.length = 0
    for (const namespace of NAMESPACES) await this.#store(account, namespace)
    await this.#allHandedOver()
    return this.#provider.received.map(({ token, payload }) => `${readPayload(payload)} ${token}`).sort()
  }

  async #store(account: AccountId, namespace: number): Promise<void> {
    const hash = `${(++this.#messages).toString().padStart(5, '0')}${'h'.repeat(38)}`
    const timestamp = this.now * 1_000
    const data = Buffer.from('a message')
    const message = {
      account: account.bytes,
      namespace,
      hash,
      timestamp,
      expiry: timestamp + 86_400_000,
      size: 9,
      data,
    }
    await this.push.bus.publish(messageStored, message, { deduplicationId: hash, partition: 0 })
  }

  /** Resolves when all messages were looked at and all notifications are at the provider. The test's own time limit ends the waiting. */
  async #allHandedOver(): Promise<void> {
    for (;;) {
      const text = await this.push.metrics.text()
      const books = shownBooks(text, 'firebase')
      const isIdle = books === undefined || books.accepted === ended(books)
      if (isIdle && text.includes(`sotto_push_messages_total ${this.#messages}\n`)) return
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }
}

/** Namespace, number of the key that opens it, and whether the body is there. */
function readPayload(payload: string): string {
  for (const [index, key] of KEYS.entries()) {
    try {
      const { namespace, body } = decryptPushPayload(nativeCrypto, key, payload)
      return `${namespace} key ${index} ${body === undefined ? 'without' : 'with'} body`
    } catch (error) {
      if (!(error instanceof PushPayloadError)) throw error
    }
  }
  throw new Error('no key opens the payload')
}
