import { checkSamples, parseBody } from '../lib/check-samples.ts'
import {
  checkRetrieved,
  checkStored,
  MAILBOX_ENV,
  plainRpc,
  retrieveOf,
  STORE_STAMP,
  storeOf,
} from '../lib/mailbox-requests.ts'
import { startSotto } from '../lib/processes.ts'
import { type Bench, perSecond, type Row } from '../lib/report.ts'
import { rate, runLoad } from '../lib/run-load.ts'
import { swarmNode, swarmUsers } from '../lib/swarm-users.ts'
import { REFERENCE_VERIFIES, verifiesPerSecond } from '../lib/verifies.ts'

const SECONDS = 4
const WRITERS = 1_000
const READERS = 200
const PAGE = 10

/** `store` and `retrieve` by plain RPC over kept-alive TLS, 64 in flight. */
export const mailboxes: Bench = {
  name: 'mailboxes',
  async run(): Promise<Row[]> {
    const verifies = verifiesPerSecond()
    const scale = verifies / REFERENCE_VERIFIES
    const sotto = await startSotto(18000, MAILBOX_ENV)
    try {
      const plan = { port: swarmNode(sotto.directory).storage_port, tls: true, connections: 64, sampleEvery: 97 }
      const stores = swarmUsers(WRITERS).map((user) => storeOf(user))
      const storeBytes = stores.map(plainRpc)
      rate(await runLoad(storeBytes, { ...plan, ...STORE_STAMP, seconds: 1 }))
      const stored = await runLoad(storeBytes, { ...plan, ...STORE_STAMP, seconds: SECONDS })
      checkSamples(stored, (body, index) => checkStored(stores[index]!, parseBody(body)))

      const readers = swarmUsers(READERS)
      const messages = readers.flatMap((user) => Array.from({ length: PAGE }, () => plainRpc(storeOf(user))))
      rate(await runLoad(messages, { ...plan, seconds: 30, maxRequests: messages.length }))
      const retrieves = readers.map((user) => plainRpc(retrieveOf(user)))
      rate(await runLoad(retrieves, { ...plan, seconds: 1 }))
      const retrieved = await runLoad(retrieves, { ...plan, seconds: SECONDS })
      checkSamples(retrieved, (body) => checkRetrieved(parseBody(body), PAGE))

      const row = (work: string, ours: number, target: number): Row => ({
        work,
        baseline: `Ed25519 verifications ${perSecond(verifies)} (scale ${scale.toFixed(2)})`,
        ours: perSecond(ours),
        target: `≥ ${perSecond(target)}`,
        reached: ours >= target,
      })
      return [
        row('`store` 1 kB, durable, three node signatures, plain RPC, 64 in flight', rate(stored), 6500 * scale),
        row('authenticated `retrieve` of ten messages of 1 kB, plain RPC, 64 in flight', rate(retrieved), 5000 * scale),
      ]
    } finally {
      await sotto.stop()
    }
  },
}
