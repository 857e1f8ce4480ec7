import { checkSamples } from '../lib/check-samples.ts'
import { type RunningSotto, startSotto } from '../lib/processes.ts'
import { isQuick } from '../lib/quick.ts'
import { type Bench, perSecond, type Row } from '../lib/report.ts'
import { httpRequest, rate, runLoad } from '../lib/run-load.ts'
import { openV4Reply, sealV4Request } from '../lib/sealed.ts'
import { checkAdded, subscribeBodies } from '../lib/subscribe-requests.ts'
import { REFERENCE_VERIFIES, verifiesPerSecond } from '../lib/verifies.ts'

const SECONDS = isQuick ? 1 : 4
const CONNECTIONS = 64
const PLAIN_PER_SECOND = 4_000
const SEALED_PER_SECOND = 3_000
/** Requests that are prepared, beside those that the target asks for in the time: a body is never sent twice. */
const RESERVE = 2.2

interface Prepared {
  readonly requests: readonly Buffer[]
  /** Throws unless the reply to the request with this index is as it should be. */
  readonly check: (body: Buffer, index: number) => void
}

/** `POST /subscribe` of new accounts and new devices, plain and sealed, 64 in flight. */
export const subscriptions: Bench = {
  name: 'subscriptions',
  async run(): Promise<Row[]> {
    const verifies = verifiesPerSecond()
    const scale = verifies / REFERENCE_VERIFIES
    const sotto = await startSotto(19000, { SOTTO_PUSH_LOG_SERVICES: 'firebase', SOTTO_PUSH_WEB: 'off' })
    try {
      const needed = (target: number): number => Math.ceil(target * RESERVE * Math.max(1, scale) * (SECONDS + 1))
      const plain = await measure(sotto, preparePlain(needed(PLAIN_PER_SECOND)))
      const key = sotto.directory.services.push.pubkey_x25519
      const sealed = await measure(sotto, prepareSealed(needed(SEALED_PER_SECOND), key))
      const row = (work: string, ours: number, target: number): Row => ({
        work,
        baseline: `Ed25519 verifications ${perSecond(verifies)} (scale ${scale.toFixed(2)})`,
        ours: perSecond(ours),
        target: `≥ ${perSecond(target)}`,
        reached: ours >= target,
      })
      return [
        row(
          'subscribe, new account and new device, durable, plain HTTP, 64 in flight',
          plain,
          PLAIN_PER_SECOND * scale,
        ),
        row('subscribe, new account and new device, durable, v4, 64 in flight', sealed, SEALED_PER_SECOND * scale),
      ]
    } finally {
      await sotto.stop()
    }
  },
}

function preparePlain(count: number): Prepared {
  return {
    requests: subscribeBodies(count).map((body) => httpRequest('POST', '/subscribe', body)),
    check: (body) => checkAdded(body),
  }
}

function prepareSealed(count: number, key: string): Prepared {
  const sealed = subscribeBodies(count).map((body) => sealV4Request(key, 'POST', '/subscribe', body))
  return {
    requests: sealed.map(({ frame }) => httpRequest('POST', '/oxen/v4/lsrpc', frame)),
    check: (body, index) => checkAdded(openV4Reply(sealed[index]!, body)),
  }
}

/** Subscriptions per second. Throws unless every one that was answered is in the store. */
async function measure(sotto: RunningSotto, { requests, check }: Prepared): Promise<number> {
  const plan = { port: sotto.pushPort, connections: CONNECTIONS, sampleEvery: 97 }
  const before = await subscribers(sotto)
  const warmUp = Math.ceil(requests.length / (SECONDS + 1))
  const first = await runLoad(requests.slice(0, warmUp), { ...plan, seconds: 1, maxRequests: warmUp })
  const rest = requests.slice(warmUp)
  const result = await runLoad(rest, { ...plan, seconds: SECONDS, maxRequests: rest.length })
  checkSamples(result, (body, index) => check(body, warmUp + index))
  const added = (await subscribers(sotto)) - before
  // A connection that ends with the time may leave a request behind whose answer nobody has counted.
  if (added < first.requests + result.requests) throw new Error('not every subscription that was answered is there')
  return rate(result)
}

/** How many subscriptions the store says it has. */
async function subscribers({ operationsPort }: RunningSotto): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${operationsPort}/metrics`)).text()
  return Number(/push_subscribers\{service="firebase"\} (\d+)/.exec(metrics)?.[1] ?? 0)
}
