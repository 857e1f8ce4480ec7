/**
 * A relay with a sink for a provider, in one process with the event queue as in the standalone: how fast it works off a backlog of events, and what it does when
 * twice as many are offered as that. Started with one JSON argument; prints one JSON line.
 */
import type { Provider } from '#apps/push'
import { bareQueueRate } from './bare-queue.ts'
import { EventSource } from './event-source.ts'
import { MemorySamples } from './memory-samples.ts'
import { paced } from './paced.ts'
import { tokenOf } from './push-accounts.ts'
import { BenchRelay } from './push-relay.ts'

export interface PushThroughputPlan {
  readonly port: number
  readonly accounts: number
  /** Events that wait when the relay starts. */
  readonly backlog: number
  /** How long twice the rate is offered. */
  readonly overloadSeconds: number
  /** Seconds of the overload after which memory should grow no more. */
  readonly settleSeconds: number
}

export interface PushThroughputResult {
  /** Payloads a second that are encrypted and inserted into SQLite, nothing else. */
  readonly bareRate: number
  /** Events a second, from the start of the relay to the last hand-over. */
  readonly rate: number
  readonly overload: Overload
}

export interface Overload {
  /** Events that were offered, and for how long. */
  readonly offered: number
  readonly seconds: number
  /** Handed over while more was offered. */
  readonly carried: number
  /** How long the rest took. */
  readonly drainSeconds: number
  /** Resident bytes at the end of the settling time, and the most there were from then until all was delivered. */
  readonly settled: number
  readonly peak: number
}

const SERVICE = 'firebase'

/** Takes everything at once. */
class Sink implements Provider {
  readonly keepsOnlyLast = false
  taken = 0

  send(): ReturnType<Provider['send']> {
    this.taken++
    return Promise.resolve({ kind: 'handed-over' })
  }

  async close(): Promise<void> {}
}

async function run(plan: PushThroughputPlan): Promise<PushThroughputResult> {
  const { port, accounts, backlog } = plan
  const bareRate = bareQueueRate()
  const relay = await BenchRelay.open(port)
  try {
    const serviceData = new Uint8Array()
    await relay.fill({
      service: SERVICE,
      count: accounts,
      deviceOf: (number) => ({ token: tokenOf(number), serviceData }),
    })
    const source = new EventSource(relay, accounts)
    await source.publishAll(backlog)
    const sink = new Sink()
    const begin = performance.now()
    await relay.start(new Map([[SERVICE, sink]]))
    await relay.drained(SERVICE, backlog)
    const rate = backlog / secondsSince(begin)
    return { bareRate, rate, overload: await overload(relay, source, sink, 2 * rate, plan) }
  } finally {
    await relay.close()
  }
}

async function overload(
  relay: BenchRelay,
  source: EventSource,
  sink: Sink,
  rate: number,
  { overloadSeconds, settleSeconds }: PushThroughputPlan,
): Promise<Overload> {
  const [publishedBefore, takenBefore] = [source.published, sink.taken]
  const memory = new MemorySamples(settleSeconds)
  const begin = performance.now()
  await paced({ rate, count: Math.round(rate * overloadSeconds) }, () => source.publish())
  await source.stored()
  const seconds = secondsSince(begin)
  const carried = sink.taken - takenBefore
  const drainBegin = performance.now()
  await relay.drained(SERVICE, source.published)
  const { settled, peak } = memory.stop()
  const offered = source.published - publishedBefore
  return { offered, seconds, carried, drainSeconds: secondsSince(drainBegin), settled, peak }
}

function secondsSince(begin: number): number {
  return (performance.now() - begin) / 1_000
}

const result = await run(JSON.parse(process.argv[2] ?? '') as PushThroughputPlan)
process.stdout.write(JSON.stringify(result) + '\n', () => process.exit(0))
