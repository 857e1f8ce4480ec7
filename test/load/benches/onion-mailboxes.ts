import { checkSamples } from '../lib/check-samples.ts'
import { checkRetrieved, checkStored, MAILBOX_ENV, plainRpc, retrieveOf, storeOf } from '../lib/mailbox-requests.ts'
import { type DiscoveredNode, startSotto } from '../lib/processes.ts'
import { type Bench, perSecond, type Row } from '../lib/report.ts'
import { rate, runLoad } from '../lib/run-load.ts'
import { openReply, sealRpc } from '../lib/sealed-rpc.ts'
import { pathTo, swarmNode, swarmUsers } from '../lib/swarm-users.ts'
import { REFERENCE_VERIFIES, verifiesPerSecond } from '../lib/verifies.ts'

const SECONDS = 4
const WRITERS = 1_000
const READERS = 200
const PAGE = 10
const HOPS = 3

/** `store` and `retrieve` through onions that were sealed beforehand, over kept-alive TLS, 64 in flight. */
export const onionMailboxes: Bench = {
  name: 'onion-mailboxes',
  async run(): Promise<Row[]> {
    const verifies = verifiesPerSecond()
    const scale = verifies / REFERENCE_VERIFIES
    const sotto = await startSotto(18020, MAILBOX_ENV)
    try {
      const { directory } = sotto
      const destination = swarmNode(directory)
      const hops = pathTo(destination, directory, HOPS)
      const plan = { tls: true, connections: 64, sampleEvery: 97 }
      const writers = swarmUsers(WRITERS)
      const readers = swarmUsers(READERS)

      /** Every message once: a message that is there already is not written. `expected` a second are enough for the whole time. */
      const stores = async (path: readonly DiscoveredNode[], expected: number): Promise<number> => {
        const count = Math.ceil(expected * (SECONDS + 1))
        const requests = Array.from({ length: count }, (_, i) => storeOf(writers[i % WRITERS]!))
        const sealed = requests.map((request) => sealRpc(request, destination, path))
        const bytes = sealed.map((one) => one.bytes)
        const port = (path[0] ?? destination).storage_port
        const warmUp = Math.ceil(expected)
        rate(await runLoad(bytes.slice(0, warmUp), { ...plan, port, seconds: 1, maxRequests: warmUp }))
        const measured = bytes.slice(warmUp)
        const result = await runLoad(measured, { ...plan, port, seconds: SECONDS, maxRequests: measured.length })
        checkSamples(result, (body, index) => {
          checkStored(requests[warmUp + index]!, openReply(sealed[warmUp + index]!, body))
        })
        return rate(result)
      }
      const retrieves = async (path: readonly DiscoveredNode[]): Promise<number> => {
        const port = (path[0] ?? destination).storage_port
        const sealed = Array.from({ length: 2000 }, (_, i) => {
          return sealRpc(retrieveOf(readers[i % READERS]!), destination, path)
        })
        const bytes = sealed.map((one) => one.bytes)
        rate(await runLoad(bytes, { ...plan, port, seconds: 1 }))
        const result = await runLoad(bytes, { ...plan, port, seconds: SECONDS })
        checkSamples(result, (body, index) => checkRetrieved(openReply(sealed[index]!, body), PAGE))
        return rate(result)
      }

      const oneLayer = await stores([], 8000 * Math.max(1, scale))
      const threeHops = await stores(hops, 4000 * Math.max(1, scale))
      const messages = readers.flatMap((user) => Array.from({ length: PAGE }, () => plainRpc(storeOf(user))))
      const filling = { ...plan, port: destination.storage_port, seconds: 30, maxRequests: messages.length }
      rate(await runLoad(messages, filling))
      const retrieved = await retrieves(hops)

      const row = (work: string, ours: number, target: number): Row => ({
        work,
        baseline: `Ed25519 verifications ${perSecond(verifies)} (scale ${scale.toFixed(2)})`,
        ours: perSecond(ours),
        target: `≥ ${perSecond(target)}`,
        reached: ours >= target,
      })
      return [
        row('`store` 1 kB through one onion layer, durable, 64 in flight', oneLayer, 3000 * scale),
        row('`store` 1 kB over three onion hops to a fourth node, durable, 64 in flight', threeHops, 1500 * scale),
        row('`retrieve` of ten messages of 1 kB over three onion hops, 64 in flight', retrieved, 1500 * scale),
      ]
    } finally {
      await sotto.stop()
    }
  },
}
