import { SERVER_FLAGS } from '../lib/processes.ts'
import type { PushThroughputPlan, PushThroughputResult } from '../lib/push-throughput.ts'
import { isQuick } from '../lib/quick.ts'
import { type Bench, mebibytes, perSecond, type Row } from '../lib/report.ts'
import { runScript } from '../lib/run-script.ts'

const PLAN: PushThroughputPlan = {
  port: 19212,
  accounts: 10_000,
  backlog: isQuick ? 20_000 : 100_000,
  overloadSeconds: isQuick ? 5 : 60,
  settleSeconds: isQuick ? 1 : 10,
}
const TARGET = 6_000
const MIB = 1_048_576
/** Growth of resident memory that the garbage collector's moods explain. */
const FLAT = 64 * MIB

/** Stored events through matching, payload and the durable queue to a sink that counts; then twice as many as can be carried. */
export const pushThroughput: Bench = {
  name: 'push-throughput',
  async run(): Promise<Row[]> {
    const { bareRate, rate, overload } = await runScript<PushThroughputResult>('push-throughput', PLAN, SERVER_FLAGS)
    const { offered, seconds, carried, drainSeconds, settled, peak } = overload
    const growth = peak - settled
    return [
      {
        work: `backlog of ${PLAN.backlog.toLocaleString('en')} stored events → matching → payload of 1 kB → durable queue → sink, one process`,
        baseline: `encrypt and insert, synced, nothing else: ${perSecond(bareRate)}`,
        ours: perSecond(rate),
        target: `≥ ${perSecond(TARGET)}`,
        reached: rate >= TARGET,
      },
      {
        work: `the same, offered twice as fast (${perSecond(offered / seconds)} for ${seconds.toFixed(0)} s): lost; growth of resident memory`,
        baseline: `carried meanwhile ${perSecond(carried / seconds)}, the rest within ${drainSeconds.toFixed(0)} s; ${mebibytes(settled)} after ${PLAN.settleSeconds} s`,
        ours: `0 of ${offered.toLocaleString('en')} lost; + ${mebibytes(growth)}`,
        target: `0 lost; < ${mebibytes(FLAT)}`,
        reached: growth < FLAT,
      },
    ]
  },
}
