import { nativeCrypto } from '#crypto/native/index'
import { startBaseline, startSotto } from '../lib/processes.ts'
import { type Bench, percent, perSecond, type Row } from '../lib/report.ts'
import { httpRequest, rate, runLoad } from '../lib/run-load.ts'
import { sealV4 } from '../lib/sealed.ts'

const SMALL = 10_000
const SECONDS = 4
/** The figures of the issue hold on a machine whose bare Fastify takes this many 10-kB posts a second. */
const REFERENCE_POSTS = 60_000

/** `GET` and `POST` of 10-kB files, plain and sealed. */
export const smallFiles: Bench = {
  name: 'small-files',
  async run(): Promise<Row[]> {
    const body = nativeCrypto.randomBytes(SMALL)
    const bare = await startBaseline('fastify')
    const get = await runLoad([httpRequest('GET', '/')], { port: bare.port, connections: 64, seconds: SECONDS })
    const post = await runLoad([httpRequest('POST', '/', body)], { port: bare.port, connections: 8, seconds: SECONDS })
    await bare.stop()
    const bareGet = rate(get)
    const barePost = rate(post)
    const scale = barePost / REFERENCE_POSTS

    const sotto = await startSotto(18000)
    try {
      const port = sotto.attachmentsPort
      const key = sotto.directory.services.attachments.pubkey_x25519
      const upload = await runLoad([httpRequest('POST', '/file', body)], {
        port,
        connections: 8,
        seconds: SECONDS,
        stampFromEnd: 8,
      })
      const stored = await fetch(`http://127.0.0.1:${port}/file`, { method: 'POST', body: Buffer.from(body) })
      const { id } = (await stored.json()) as { id: string }
      const download = await runLoad([httpRequest('GET', `/file/${id}`)], { port, connections: 64, seconds: SECONDS })

      const sealedUploads: Buffer[] = []
      for (let i = 0; i < Math.ceil(9000 * SECONDS * Math.min(1, scale * 1.2)); i++) {
        sealedUploads.push(
          httpRequest('POST', '/oxen/v4/lsrpc', sealV4(key, 'POST', '/file', nativeCrypto.randomBytes(SMALL))),
        )
      }
      const sealedUpload = await runLoad(sealedUploads, {
        port,
        connections: 8,
        seconds: SECONDS,
        maxRequests: sealedUploads.length,
      })
      const sealedGets = Array.from({ length: 2000 }, () =>
        httpRequest('POST', '/oxen/v4/lsrpc', sealV4(key, 'GET', `/file/${id}`)),
      )
      const sealedDownload = await runLoad(sealedGets, { port, connections: 64, seconds: SECONDS })

      const row = (work: string, ours: number, baseline: string, target: number): Row => ({
        work,
        baseline,
        ours: perSecond(ours),
        target: `≥ ${perSecond(target)}`,
        reached: ours >= target,
      })
      const posts = `bare Fastify posts ${perSecond(barePost)} (scale ${scale.toFixed(2)})`
      return [
        {
          work: 'plain `GET /file/<id>` 10 kB, 64 in flight',
          baseline: `bare Fastify ${perSecond(bareGet)}`,
          ours: `${perSecond(rate(download))} (${percent(rate(download) / bareGet)})`,
          target: '≥ 40 %',
          reached: rate(download) >= 0.4 * bareGet,
        },
        row('plain `POST /file` 10 kB, durable, 8 in flight', rate(upload), posts, 4500 * scale),
        row('v4 upload 10 kB, durable, 8 in flight', rate(sealedUpload), posts, 3500 * scale),
        row('v4 download 10 kB, 64 in flight', rate(sealedDownload), posts, 8000 * scale),
      ]
    } finally {
      await sotto.stop()
    }
  },
}
