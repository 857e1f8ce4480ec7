/**
 * What it costs to find out who wants a message, with few subscriptions and with many, in the same kind of store. Fills both stores first. Started with
 * one JSON argument; prints one JSON line.
 */
import { randomInt } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { pushConfig, type PushStores } from '#apps/push'
import { fromHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { builtPush } from './built-push.ts'
import { fillSubscriptions } from './fill-subscriptions.ts'
import { median } from './median.ts'
import { accountOf, PUSH_BODY, storedMessage, tokenOf } from './push-accounts.ts'

/** Where subscriptions are to be. */
export interface MatchedStore {
  readonly dataDirectory: string
  /** Undefined = SQLite in the data directory. */
  readonly redisUrl?: string
}

export interface MatchPlan {
  readonly few: MatchedStore
  readonly many: MatchedStore
  readonly fewCount: number
  readonly manyCount: number
  /** Filling stops with fewer after that time. */
  readonly fillSeconds: number
  readonly rounds: number
  /** Messages of a round. */
  readonly messages: number
  /** 32 bytes in hex. */
  readonly secret: string
}

export interface MatchResult {
  /** How many subscriptions the many are. */
  readonly filled: number
  readonly fillSeconds: number
  /** Bytes that the many take up, those of the empty store left out. */
  readonly bytes: number
  /** Microseconds for one message. */
  readonly lookUp: Costs
  readonly step: Costs
}

export interface Costs {
  readonly few: number
  readonly many: number
}

interface Measured {
  readonly stores: PushStores
  readonly count: number
  readonly notify: { handle(stored: ReturnType<typeof storedMessage>): Promise<void> }
}

const SERVICE = 'firebase'
/** Under way at once, as many as the relay takes from the event queue. */
const LANES = 256
const DAY_MS = 86_400_000

async function run(plan: MatchPlan): Promise<MatchResult> {
  const [{ pushSecrets }, { DeviceSealer }, { NotifyDevices }, { openStores }] = await Promise.all([
    builtPush('secrets/push-secrets'),
    builtPush('secrets/sealed-device'),
    builtPush('notices/notify-devices'),
    builtPush('stores/open-stores'),
  ])
  const secrets = pushSecrets(nativeCrypto, fromHex(plan.secret, 32) ?? new Uint8Array())
  const sealer = new DeviceSealer(nativeCrypto, secrets.sealingKey)
  const open = async ({ dataDirectory, redisUrl }: MatchedStore): Promise<PushStores> => {
    const redis = redisUrl === undefined ? {} : { SOTTO_REDIS_URL: redisUrl }
    return openStores(pushConfig({ SOTTO_DATA_DIR: dataDirectory, ...redis }), () => undefined)
  }
  const fill = ({ subscriptions }: PushStores, count: number): Promise<number> => {
    const serviceData = new Uint8Array()
    const deviceOf = (number: number): { token: string; serviceData: Uint8Array } => {
      return { token: tokenOf(number), serviceData }
    }
    return fillSubscriptions({
      subscriptions,
      secrets,
      sealer,
      service: SERVICE,
      count,
      deviceOf,
      seconds: plan.fillSeconds,
    })
  }
  const measured = async (stores: PushStores, count: number): Promise<Measured> => {
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
        matched: () => undefined,
        trouble: (_stage, cause) => {
          throw new Error('a device is unreadable', { cause })
        },
      },
    })
    return { stores, count, notify }
  }
  const few = await open(plan.few)
  const many = await open(plan.many)
  await fill(few, plan.fewCount)
  const before = await bytesOf(plan.many)
  const begin = performance.now()
  const filled = await fill(many, plan.manyCount)
  const fillSeconds = (performance.now() - begin) / 1_000
  const bytes = (await bytesOf(plan.many)) - before

  const pair = [await measured(few, plan.fewCount), await measured(many, filled)] as const
  const digests = ({ count }: Measured): Uint8Array[] =>
    Array.from({ length: plan.messages }, () => secrets.accountDigest(accountOf(randomInt(count))))
  const body = nativeCrypto.randomBytes(PUSH_BODY)
  let message = 0
  const lookUp = await compare(pair, plan.rounds, async (one) => {
    const wanted = digests(one)
    const { subscriptions } = one.stores
    return timed(plan.messages, async (number) => {
      const { length } = await subscriptions.matching(wanted[number] as Uint8Array, 0, Date.now())
      if (length !== 1) throw new Error(`${length} subscriptions were found`)
    })
  })
  const step = await compare(pair, plan.rounds, async ({ count, notify }) =>
    timed(plan.messages, () => notify.handle(storedMessage(randomInt(count), message++, body, Date.now()))),
  )
  return { filled, fillSeconds, bytes, lookUp, step }
}

/** The median cost for the few and for the many, measured in turns so that both meet the same moods of the machine. */
async function compare(
  [few, many]: readonly [Measured, Measured],
  rounds: number,
  cost: (one: Measured) => Promise<number>,
): Promise<Costs> {
  const costs = { few: [] as number[], many: [] as number[] }
  // One round more, which does not count: whatever is read for the first time.
  for (let round = 0; round <= rounds; round++) {
    const both = { few: await cost(few), many: await cost(many) }
    if (round === 0) continue
    costs.few.push(both.few)
    costs.many.push(both.many)
  }
  return { few: median(costs.few), many: median(costs.many) }
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

/** Of the database with all its files as they are, or of Redis's memory. */
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

const result = await run(JSON.parse(process.argv[2] ?? '') as MatchPlan)
process.stdout.write(JSON.stringify(result) + '\n', () => process.exit(0))
