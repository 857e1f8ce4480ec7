/**
 * A relay under a steady load, and FCM in another process that says when each message came. Both processes read the same monotonic clock. Started with one JSON
 * argument; prints one JSON line.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Provider } from '#apps/push'
import { nativeCrypto } from '#crypto/native/index'
import { type FcmFakeProcess, startFcmFakeProcess } from './fcm-fake-process.ts'
import { paced } from './paced.ts'
import { PUSH_BODY, storedMessage, tokenOf } from './push-accounts.ts'
import { samplePayload } from './push-payload.ts'
import { BenchRelay } from './push-relay.ts'

export interface PushLatencyPlan {
  readonly port: number
  /** Messages a second. */
  readonly rate: number
  readonly warmUpSeconds: number
  readonly seconds: number
  /** How long messages go straight to the provider, for comparison. */
  readonly baselineSeconds: number
}

export interface Latencies {
  readonly messages: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

export interface PushLatencyResult {
  /** From the call of the provider to the arrival at FCM, without a queue. */
  readonly direct: Latencies
  /** From the publication of the event to the arrival at FCM. */
  readonly relayed: Latencies
}

const SERVICE = 'firebase'

async function run(plan: PushLatencyPlan): Promise<PushLatencyResult> {
  const directory = mkdtempSync(join(tmpdir(), 'sotto-fcm-'))
  const fcm = await startFcmFakeProcess(directory, 'stamp')
  const relay = await BenchRelay.open(plan.port, fcm.environment)
  try {
    const providers = await relay.openProviders()
    const provider = providers.get(SERVICE)
    if (provider === undefined) throw new Error('the relay has no FCM')
    const direct = await sendDirectly(provider, fcm, plan)
    await relay.start(providers)
    const relayed = await publish(relay, fcm, plan)
    await provider.close()
    return { direct, relayed }
  } finally {
    await relay.close()
    await fcm.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function sendDirectly(
  provider: Provider,
  fcm: FcmFakeProcess,
  { rate, baselineSeconds }: PushLatencyPlan,
): Promise<Latencies> {
  const payload = samplePayload()
  const expiresAt = Date.now() + 3_600_000
  const send = async (number: number): Promise<void> => {
    const notification = { token: tokenOf(number), serviceData: new Uint8Array(), payload, isUrgent: true, expiresAt }
    const { kind } = await provider.send(notification)
    if (kind !== 'handed-over') throw new Error(`FCM has not taken a message: ${kind}`)
  }
  // The first one logs in.
  await send(0)
  await fcm.arrivals()
  const begun: number[] = []
  const sending: Promise<void>[] = []
  await paced({ rate, count: rate * baselineSeconds }, (number) => {
    begun[number] = now()
    sending.push(send(number))
    return undefined
  })
  await Promise.all(sending)
  return latencies(begun, await fcm.arrivals(), 0)
}

/** Each message is for a device of its own, by whose token FCM's word is known to be about it. */
async function publish(relay: BenchRelay, fcm: FcmFakeProcess, plan: PushLatencyPlan): Promise<Latencies> {
  const { rate, warmUpSeconds, seconds } = plan
  const count = rate * (warmUpSeconds + seconds)
  const empty = new Uint8Array()
  await relay.fill({ service: SERVICE, count, deviceOf: (number) => ({ token: tokenOf(number), serviceData: empty }) })
  const body = nativeCrypto.randomBytes(PUSH_BODY)
  const begun: number[] = []
  const publishing: Promise<void>[] = []
  await paced({ rate, count }, (number) => {
    begun[number] = now()
    publishing.push(relay.publish(storedMessage(number, number, body, Date.now())))
    return undefined
  })
  await Promise.all(publishing)
  await relay.drained(SERVICE, count)
  return latencies(begun, await fcm.arrivals(), rate * warmUpSeconds)
}

/** Of the messages from number `first`. Throws unless each has come, once. */
function latencies(
  begun: readonly number[],
  arrivals: Awaited<ReturnType<FcmFakeProcess['arrivals']>>,
  first: number,
): Latencies {
  if (new Set(arrivals.map(([token]) => token)).size !== begun.length || arrivals.length !== begun.length) {
    throw new Error(`${begun.length} messages were sent, ${arrivals.length} have come`)
  }
  const times = arrivals
    .map(([token, at]) => [Number(token), at] as const)
    .filter(([number]) => number >= first)
    .map(([number, at]) => (at - (begun[number] ?? NaN)) / 1e6)
    .sort((a, b) => a - b)
  const at = (part: number): number => times[Math.floor((times.length - 1) * part)] ?? NaN
  return { messages: times.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) }
}

function now(): number {
  return Number(process.hrtime.bigint())
}

const result = await run(JSON.parse(process.argv[2] ?? '') as PushLatencyPlan)
process.stdout.write(JSON.stringify(result) + '\n', () => process.exit(0))
