/**
 * A relay whose FCM is away while notifications gather, and then is back. Started with one JSON argument; prints one JSON line.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EventSource } from './event-source.ts'
import { startFcmFakeProcess } from './fcm-fake-process.ts'
import { MemorySamples } from './memory-samples.ts'
import { tokenOf } from './push-accounts.ts'
import { BenchRelay } from './push-relay.ts'

export interface ProviderOutagePlan {
  readonly port: number
  /** Port of FCM. */
  readonly fcmPort: number
  readonly accounts: number
  readonly notifications: number
  /** Seconds of the outage after which memory should grow no more. */
  readonly settleSeconds: number
}

export interface ProviderOutageResult {
  /** How long it took to offer all notifications. */
  readonly outageSeconds: number
  /** Resident bytes at the end of the settling time, and the most there were from then until all was delivered. */
  readonly settled: number
  readonly peak: number
  /** From the moment that FCM is back to its first message: the breaker's doing. */
  readonly reopenSeconds: number
  /** From the moment that FCM is back to the end of the last notification. */
  readonly drainSeconds: number
  /** Messages that FCM has taken more than once. */
  readonly repeated: number
}

const SERVICE = 'firebase'

async function run(plan: ProviderOutagePlan): Promise<ProviderOutageResult> {
  const directory = mkdtempSync(join(tmpdir(), 'sotto-fcm-'))
  // Its only purpose is to make an account and to have listened: from then on its port refuses connections.
  let fcm = await startFcmFakeProcess(directory, 'count', plan.fcmPort)
  await fcm.stop()
  const relay = await BenchRelay.open(plan.port, fcm.environment)
  try {
    const providers = await relay.openProviders()
    const { accounts, notifications, settleSeconds } = plan
    const serviceData = new Uint8Array()
    await relay.fill({
      service: SERVICE,
      count: accounts,
      deviceOf: (number) => ({ token: tokenOf(number), serviceData }),
    })
    await relay.start(providers)
    const memory = new MemorySamples(settleSeconds)
    const source = new EventSource(relay, accounts)
    const outage = stopwatch()
    await source.publishAll(notifications)
    await relay.accepted(SERVICE, notifications)
    const outageSeconds = outage()
    const drain = stopwatch()
    fcm = await startFcmFakeProcess(directory, 'count', plan.fcmPort)
    while ((await fcm.taken()) === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    const reopenSeconds = drain()
    await relay.drained(SERVICE, notifications)
    const drainSeconds = drain()
    const { settled, peak } = memory.stop()
    const repeated = (await fcm.taken()) - notifications
    if (repeated < 0) throw new Error('a notification counts as handed over that FCM has not taken')
    for (const provider of providers.values()) await provider.close()
    return { outageSeconds, settled, peak, reopenSeconds, drainSeconds, repeated }
  } finally {
    await relay.close()
    await fcm.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Gives the seconds since it was made. */
function stopwatch(): () => number {
  const begin = performance.now()
  return () => (performance.now() - begin) / 1_000
}

const result = await run(JSON.parse(process.argv[2] ?? '') as ProviderOutagePlan)
process.stdout.write(JSON.stringify(result) + '\n', () => process.exit(0))
