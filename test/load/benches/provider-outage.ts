import { SERVER_FLAGS } from '../lib/processes.ts'
import type { ProviderOutagePlan, ProviderOutageResult } from '../lib/provider-outage.ts'
import { isQuick } from '../lib/quick.ts'
import { type Bench, mebibytes, perSecond, type Row } from '../lib/report.ts'
import { runScript } from '../lib/run-script.ts'

/** What comes in while the provider is away: ten minutes of 500 a second. */
const ARRIVALS_PER_SECOND = 500
const OUTAGE_SECONDS = isQuick ? 30 : 600
const DRAIN_RATE = 5 * ARRIVALS_PER_SECOND
const MIB = 1_048_576
const FLAT = 64 * MIB

const PLAN: ProviderOutagePlan = {
  port: 19242,
  fcmPort: 19243,
  accounts: 10_000,
  notifications: ARRIVALS_PER_SECOND * OUTAGE_SECONDS,
  settleSeconds: isQuick ? 2 : 10,
}

/** FCM refuses connections while notifications gather, offered as fast as they are accepted; then it is back. */
export const providerOutage: Bench = {
  name: 'provider-outage',
  async run(): Promise<Row[]> {
    const { outageSeconds, settled, peak, reopenSeconds, drainSeconds, repeated } =
      await runScript<ProviderOutageResult>('provider-outage', PLAN, SERVER_FLAGS)
    const count = PLAN.notifications.toLocaleString('en')
    const drained = PLAN.notifications / drainSeconds
    const growth = peak - settled
    return [
      {
        work: `provider back after an outage with ${count} notifications: worked off, the wait of the breaker included`,
        baseline: `arrivals ${perSecond(ARRIVALS_PER_SECOND)}; first request ${reopenSeconds.toFixed(1)} s after its return`,
        ours: `${perSecond(drained)}; 0 lost, ${repeated.toLocaleString('en')} repeated`,
        target: `≥ ${perSecond(DRAIN_RATE)}; 0 lost`,
        reached: drained >= DRAIN_RATE,
      },
      {
        work: `growth of resident memory over that outage, its ${OUTAGE_SECONDS} s pressed into ${outageSeconds.toFixed(0)} s, and what follows`,
        baseline: `${mebibytes(settled)} after ${PLAN.settleSeconds} s`,
        ours: mebibytes(growth),
        target: `< ${mebibytes(FLAT)}`,
        reached: growth < FLAT,
      },
    ]
  },
}
