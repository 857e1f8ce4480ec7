import { SERVER_FLAGS } from '../lib/processes.ts'
import type { Latencies, PushLatencyPlan, PushLatencyResult } from '../lib/push-latency.ts'
import { isQuick } from '../lib/quick.ts'
import { type Bench, milliseconds, type Row } from '../lib/report.ts'
import { runScript } from '../lib/run-script.ts'

const PLAN: PushLatencyPlan = {
  port: 19202,
  rate: 1_000,
  warmUpSeconds: isQuick ? 1 : 5,
  seconds: isQuick ? 3 : 25,
  baselineSeconds: isQuick ? 1 : 5,
}

/** From the publication of a stored event to the arrival of its notification at FCM, at a steady rate. */
export const pushLatency: Bench = {
  name: 'push-latency',
  async run(): Promise<Row[]> {
    const { direct, relayed } = await runScript<PushLatencyResult>('push-latency', PLAN, SERVER_FLAGS)
    const text = ({ p50Ms, p99Ms }: Latencies): string => `p50 ${milliseconds(p50Ms)}, p99 ${milliseconds(p99Ms)}`
    return [
      {
        work: `stored event published → request at FCM, ${PLAN.rate.toLocaleString('en')} messages a second for ${PLAN.seconds} s`,
        baseline: `the same straight to FCM, no queue: ${text(direct)}`,
        ours: text(relayed),
        target: 'p50 ≤ 20 ms, p99 ≤ 150 ms',
        reached: relayed.p50Ms <= 20 && relayed.p99Ms <= 150,
      },
    ]
  },
}
