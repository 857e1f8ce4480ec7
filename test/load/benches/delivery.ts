import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeRequest, type RpcCall } from '#protocol'
import { type DeliveryMailbox, type DeliveryResult } from '../lib/delivery-client.ts'
import { infoRpc, MAILBOX_ENV, retrieveOf, RPC_PATH, storeOf } from '../lib/mailbox-requests.ts'
import { startSotto } from '../lib/processes.ts'
import { type Bench, milliseconds, type Row } from '../lib/report.ts'
import { rate, runLoad } from '../lib/run-load.ts'
import { runScript } from '../lib/run-script.ts'
import { swarmNode, swarmUsers } from '../lib/swarm-users.ts'

const CLIENTS = 1_000
const WRITERS = 4
const WARM_UP = 1_000
const DELIVERIES = 4_000
/** Within the `wait` of the clients, and so within the time that their signatures hold. */
const SECONDS = 15
const WAIT_MS = 20_000

/** From `store` answered to the waiting `retrieve` answered, plain RPC over kept-alive TLS. */
export const delivery: Bench = {
  name: 'delivery',
  async run(): Promise<Row[]> {
    const directory = mkdtempSync(join(tmpdir(), 'sotto-delivery-'))
    const sotto = await startSotto(18060, MAILBOX_ENV)
    try {
      const port = swarmNode(sotto.directory).storage_port
      const info = await runLoad([infoRpc()], { port, tls: true, connections: WRITERS, seconds: 2 })
      rate(info)
      const mailboxes = swarmUsers(CLIENTS).map((user): DeliveryMailbox => ({
        path: RPC_PATH,
        retrieve: envelope(encodeRequest(retrieveOf(user, { wait: WAIT_MS }))),
        store: envelope(encodeRequest(storeOf(user))),
      }))
      const mailboxesFile = join(directory, 'mailboxes.json')
      writeFileSync(mailboxesFile, JSON.stringify(mailboxes))
      const measured = await runScript<DeliveryResult>('delivery-client', {
        port,
        mailboxesFile,
        writers: WRITERS,
        warmUp: WARM_UP,
        deliveries: DELIVERIES,
        seconds: SECONDS,
      })
      if (measured.deliveries < DELIVERIES / 4) throw new Error(`only ${measured.deliveries} messages were delivered`)
      return [
        {
          work: `\`store\` answered → waiting \`retrieve\` answered, ${CLIENTS.toLocaleString('en')} waiting clients, ${WRITERS} writers`,
          baseline: `an \`info\` there and back: p50 ${milliseconds(info.p50Ms)}, p99 ${milliseconds(info.p99Ms)}`,
          ours: `p50 ${milliseconds(measured.p50Ms)}, p99 ${milliseconds(measured.p99Ms)}`,
          target: 'p50 ≤ 5 ms, p99 ≤ 25 ms',
          reached: measured.p50Ms <= 5 && measured.p99Ms <= 25,
        },
      ]
    } finally {
      await sotto.stop()
      rmSync(directory, { recursive: true, force: true })
    }
  },
}

function envelope({ method, params }: RpcCall): DeliveryMailbox['store'] {
  return { method, params: params }
}
