import { randomInt } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { pushConfig, type PushStores } from '#apps/push'
import type { MessageStored } from '#bus'
import { fromHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import type { PushSecrets } from '../../../apps/push/src/secrets/push-secrets.ts'
import type { DeviceSealer } from '../../../apps/push/src/secrets/sealed-device.ts'
import { builtPush } from './built-push.ts'
import { fillSubscriptions } from './fill-subscriptions.ts'
import { accountOf, PUSH_BODY, storedMessage, tokenOf } from './push-accounts.ts'

/** Where subscriptions are to be. */
export interface MatchedStore {
  readonly dataDirectory: string
  /** Undefined = SQLite in the data directory. */
  readonly redisUrl?: string
}

interface Parts {
  readonly stores: PushStores
  readonly secrets: PushSecrets
  readonly sealer: DeviceSealer
  /** What the relay does with an event. */
  readonly handle: (stored: MessageStored) => Promise<void>
}

const SERVICE = 'firebase'
/** Under way at once, as many as the relay takes from the event queue. */
const LANES = 256
const DAY_MS = 86_400_000

/** Subscriptions in a store, and the cost of messages for random ones of their accounts. */
export class MatchedSubscriptions {
  readonly #place: MatchedStore
  readonly #parts: Parts
  readonly #body = nativeCrypto.randomBytes(PUSH_BODY)
  #count = 0
  #messages = 0

  private constructor(place: MatchedStore, parts: Parts) {
    this.#place = place
    this.#parts = parts
  }

  /** Opens the stores of a relay with this secret (32 bytes in hex). */
  static async open(place: MatchedStore, secretHex: string): Promise<MatchedSubscriptions> {
    const [{ pushSecrets }, { DeviceSealer }, { NotifyDevices }, { openStores }] = await Promise.all([
      builtPush('secrets/push-secrets'),
      builtPush('secrets/sealed-device'),
      builtPush('notices/notify-devices'),
      builtPush('stores/open-stores'),
    ])
    const { dataDirectory, redisUrl } = place
    const redis = redisUrl === undefined ? {} : { SOTTO_REDIS_URL: redisUrl }
    const stores = await openStores(pushConfig({ SOTTO_DATA_DIR: dataDirectory, ...redis }), () => undefined)
    const secrets = pushSecrets(nativeCrypto, fromHex(secretHex, 32) ?? new Uint8Array())
    const sealer = new DeviceSealer(nativeCrypto, secrets.sealingKey)
    const notify = new NotifyDevices({
      crypto: nativeCrypto,
      secrets,
      sealer,
      ...stores,
      services: new Set([SERVICE]),
      now: Date.now,
      timeToLiveMs: DAY_MS,
      isPaddedToOneSize: false,
      wake: () => undefined,
      events: {
        matched: (devices, accepted) => {
          if (devices !== 1 || accepted !== 1) throw new Error('a message was not queued for its one device')
        },
        trouble: (_stage, cause) => {
          throw new Error('a device is unreadable', { cause })
        },
      },
    })
    return new MatchedSubscriptions(place, { stores, secrets, sealer, handle: (stored) => notify.handle(stored) })
  }

  /** Adds `count` subscriptions, or fewer when that many seconds are over; how many. */
  async fill(count: number, seconds: number): Promise<number> {
    const {
      stores: { subscriptions },
      secrets,
      sealer,
    } = this.#parts
    const serviceData = new Uint8Array()
    this.#count = await fillSubscriptions({
      subscriptions,
      secrets,
      sealer,
      service: SERVICE,
      count,
      seconds,
      deviceOf: (number) => ({ token: tokenOf(number), serviceData }),
    })
    return this.#count
  }

  /** Microseconds for the store to say who wants a message, `messages` times. */
  lookUp(messages: number): Promise<number> {
    const { secrets, stores } = this.#parts
    const accounts = Array.from({ length: messages }, () => secrets.accountDigest(accountOf(randomInt(this.#count))))
    return timed(messages, async (number) => {
      const { length } = await stores.subscriptions.matching(accounts[number] as Uint8Array, 0, Date.now())
      if (length !== 1) throw new Error(`${length} subscriptions were found`)
    })
  }

  /** Microseconds for all that the relay does with a message until its notification is durable, `messages` times. */
  step(messages: number): Promise<number> {
    return timed(messages, () => {
      const stored = storedMessage(randomInt(this.#count), this.#messages++, this.#body, Date.now())
      return this.#parts.handle(stored)
    })
  }

  /** Bytes of the database with all its files as they are, or of Redis's memory. */
  bytes(): Promise<number> {
    return bytesOf(this.#place)
  }
}

/** Microseconds for one of `count` calls, many of them under way at once. */
async function timed(count: number, work: (number: number) => Promise<void>): Promise<number> {
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < count) await work(next++)
  }
  const begin = performance.now()
  await Promise.all(Array.from({ length: LANES }, lane))
  return ((performance.now() - begin) * 1_000) / count
}

async function bytesOf({ dataDirectory, redisUrl }: MatchedStore): Promise<number> {
  if (redisUrl === undefined) {
    const file = join(dataDirectory, 'push', 'subscriptions.sqlite')
    return ['', '-wal'].reduce((sum, end) => sum + (statSync(file + end, { throwIfNoEntry: false })?.size ?? 0), 0)
  }
  const { connectRedis } = await import('#stores/redis/connect-redis')
  const redis = await connectRedis({ url: redisUrl, onError: () => undefined })
  try {
    return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1])
  } finally {
    redis.disconnect()
  }
}
