import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { selfSignedCertificate } from '../lib/certificate.ts'
import { checkSamples } from '../lib/check-samples.ts'
import { checkStored, MAILBOX_ENV, storeOf } from '../lib/mailbox-requests.ts'
import { type LoadResult } from '../lib/load-client.ts'
import { startBaseline, startSotto } from '../lib/processes.ts'
import { type Bench, percent, perSecond, type Row } from '../lib/report.ts'
import { rate, runLoad } from '../lib/run-load.ts'
import { openReply, sealRpc } from '../lib/sealed-rpc.ts'
import { swarmNode, swarmUsers } from '../lib/swarm-users.ts'

const SECONDS = 4
const WRITERS = 500
const BASELINE_PORT = '18590'
/** More connections a second than two cores can make. */
const MOST_PER_SECOND = 4_000

/**
 * A new TLS connection for each onion `store`, as Session Desktop opens them, beside a bare TLS server that answers the same bytes with a reply
 * of the same length.
 */
export const handshakes: Bench = {
  name: 'handshakes',
  async run(): Promise<Row[]> {
    const directory = mkdtempSync(join(tmpdir(), 'sotto-tls-'))
    const { key, cert } = await selfSignedCertificate()
    writeFileSync(join(directory, 'key.pem'), key, { mode: 0o600 })
    writeFileSync(join(directory, 'cert.pem'), cert)
    const sotto = await startSotto(18040, MAILBOX_ENV)
    try {
      const node = swarmNode(sotto.directory)
      const users = swarmUsers(WRITERS)
      const plan = { tls: true, reconnect: true, connections: 32 }

      const measure = async (resume: boolean): Promise<Row> => {
        const requests = Array.from({ length: MOST_PER_SECOND * (SECONDS + 1) }, (_, i) => storeOf(users[i % WRITERS]!))
        const sealed = requests.map((request) => sealRpc(request, node, [], 'Connection: close\r\n'))
        const bytes = sealed.map((one) => one.bytes)
        const connect = async (port: number, sampleEvery?: number): Promise<LoadResult> => {
          const load = { ...plan, port, resume }
          rate(await runLoad(bytes.slice(0, MOST_PER_SECOND), { ...load, seconds: 1, maxRequests: MOST_PER_SECOND }))
          const measured = bytes.slice(MOST_PER_SECOND)
          const limits = { seconds: SECONDS, maxRequests: measured.length }
          return runLoad(measured, { ...load, ...limits, ...(sampleEvery !== undefined && { sampleEvery }) })
        }
        const ours = await connect(node.storage_port, 97)
        checkSamples(ours, (body, index) => {
          const number = MOST_PER_SECOND + index
          checkStored(requests[number]!, openReply(sealed[number]!, body))
        })
        const replyLength = Buffer.from(ours.samples[0]!.body, 'base64').length
        const files = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
        const bare = await startBaseline('tls-server', [BASELINE_PORT, String(replyLength), ...files])
        try {
          const theirs = await connect(bare.port)
          for (const { resumed, requests: answered } of [ours, theirs]) {
            if (resume ? resumed < 0.9 * answered : resumed > 0) throw new Error(`${resumed} sessions were resumed`)
          }
          return {
            work: `new TLS connection for each onion \`store\`, ${resume ? 'session tickets' : 'full handshakes'}, 32 in flight`,
            baseline: `bare Node TLS server ${perSecond(rate(theirs))}`,
            ours: `${perSecond(rate(ours))} (${percent(rate(ours) / rate(theirs))})`,
            target: '≥ 60 %',
            reached: rate(ours) >= 0.6 * rate(theirs),
          }
        } finally {
          await bare.stop()
        }
      }
      return [await measure(false), await measure(true)]
    } finally {
      await sotto.stop()
      rmSync(directory, { recursive: true, force: true })
    }
  },
}
