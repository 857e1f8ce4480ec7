/**
 * A queue full of notifications worked off by a real provider against its fake, beside a bare loop over the same client library with the same payloads, devices
 * and concurrency. Started with one JSON argument; prints one JSON line.
 */
import type { Provider } from '#apps/push'
import { type BareSender, bareApns, bareFcm, bareWebPush } from './bare-senders.ts'
import { EventSource } from './event-source.ts'
import { GatedProvider } from './gated-provider.ts'
import { median } from './median.ts'
import { tokenOf } from './push-accounts.ts'
import { samplePayload } from './push-payload.ts'
import { BenchRelay } from './push-relay.ts'

export interface PushProvidersPlan {
  readonly port: number
  readonly service: 'firebase' | 'apns' | 'webpush'
  readonly environment: Readonly<Record<string, string>>
  /** Devices of Web Push: URL and keys (hex); accounts share them. */
  readonly endpoints: readonly { readonly url: string; readonly keys: string }[]
  /** Notifications of each round. */
  readonly count: number
  /** Rounds of either, in turns; the median one counts. */
  readonly rounds: number
  readonly inFlight: number
}

export interface PushProvidersResult {
  /** Notifications a second of the bare loop. */
  readonly bare: number
  /** Notifications a second of the provider without a queue: as many calls of `send` at once as the bare loop has. */
  readonly alone: number
  /** Notifications a second from the full queue to the provider's answers. */
  readonly ours: number
  /** Answers of the provider other than that it has taken the notification. */
  readonly refused: number
}

/** Notifications before the measurement, one after the other on a few lanes: connections, code and the trust in a host have to grow. */
const WARM_UP = 1_000
const WARM_UP_LANES = 16
const HOUR_MS = 3_600_000

type DeviceOf = (number: number) => { readonly token: string; readonly serviceData: Uint8Array }

async function run(plan: PushProvidersPlan): Promise<PushProvidersResult> {
  const { service, count, rounds, inFlight } = plan
  const deviceOf = devicesOf(plan)
  const relay = await BenchRelay.open(plan.port, plan.environment)
  try {
    const opened = providerOf(await relay.openProviders(), service)
    const provider = new GatedProvider(opened)
    const sender = await bareSender(relay, plan)
    const payload = samplePayload()
    const notification = (number: number): Parameters<BareSender['send']>[0] => {
      return { ...deviceOf(number), payload, isUrgent: true, expiresAt: Date.now() + HOUR_MS }
    }
    await relay.fill({ service, count, deviceOf })
    provider.open()
    await inLanes(WARM_UP, WARM_UP_LANES, (number) => sender.send(notification(number)))
    await inLanes(WARM_UP, WARM_UP_LANES, async (number) => void (await provider.send(notification(number))))
    provider.shut()
    await relay.start(new Map([[service, provider]]))
    const source = new EventSource(relay, count)
    const seconds = { bare: [] as number[], alone: [] as number[], ours: [] as number[] }
    // One round more, which does not count: the code of both has to become warm.
    for (let round = 0; round <= rounds; round++) {
      const bare = await timed(() => inLanes(count, inFlight, (number) => sender.send(notification(number))))
      const alone = await timed(() =>
        inLanes(count, inFlight, async (number) => void (await opened.send(notification(number)))),
      )
      await source.publishAll(count)
      await relay.accepted(service, (round + 1) * count)
      const taken = provider.whenTaken(WARM_UP + (round + 1) * count)
      const ours = await timed(() => {
        provider.open()
        return taken
      })
      await relay.drained(service, (round + 1) * count)
      provider.shut()
      if (round === 0) continue
      seconds.bare.push(bare)
      seconds.alone.push(alone)
      seconds.ours.push(ours)
    }
    await sender.close()
    await provider.close()
    const { refused } = provider
    const [bare, alone, ours] = [seconds.bare, seconds.alone, seconds.ours].map((times) => count / median(times))
    return { bare: bare ?? NaN, alone: alone ?? NaN, ours: ours ?? NaN, refused }
  } finally {
    await relay.close()
  }
}

function devicesOf({ service, endpoints }: PushProvidersPlan): DeviceOf {
  const devices = endpoints.map(({ url, keys }) => ({ token: url, serviceData: Buffer.from(keys, 'hex') }))
  const none = new Uint8Array()
  if (service === 'apns') return (number) => ({ token: tokenOf(number, 64), serviceData: none })
  if (service === 'firebase') return (number) => ({ token: tokenOf(number), serviceData: none })
  return (number) => devices[number % devices.length] as (typeof devices)[number]
}

function providerOf(providers: Awaited<ReturnType<BenchRelay['openProviders']>>, service: string): Provider {
  const provider = providers.get(service)
  if (provider === undefined) throw new Error(`the relay has no provider for ${service}`)
  return provider
}

function bareSender({ config }: BenchRelay, { service, inFlight, endpoints }: PushProvidersPlan): Promise<BareSender> {
  switch (service) {
    case 'firebase':
      return bareFcm(config, inFlight)
    case 'apns':
      return bareApns(config)
    case 'webpush':
      return bareWebPush(config, new URL(endpoints[0]?.url ?? '').origin)
  }
}

/** Calls `work` with 0 … `count` − 1, as many at once as there are lanes. */
async function inLanes(count: number, lanes: number, work: (number: number) => Promise<void>): Promise<void> {
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begin = performance.now()
  await work()
  return (performance.now() - begin) / 1_000
}

const result = await run(JSON.parse(process.argv[2] ?? '') as PushProvidersPlan)
process.stdout.write(JSON.stringify(result) + '\n', () => process.exit(0))
