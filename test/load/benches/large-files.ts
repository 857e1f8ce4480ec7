import { nativeCrypto } from '#crypto/native/index'
import { sustainedDiskRate } from '../lib/disk.ts'
import { startBaseline, startSotto } from '../lib/processes.ts'
import { type Bench, megabytes, type Row } from '../lib/report.ts'
import { httpRequest, rate, runLoad } from '../lib/run-load.ts'
import { sealV4 } from '../lib/sealed.ts'

const LARGE = 10_000_000
const SECONDS = 5
/** The figures of the issue hold on a machine whose disk takes this many bytes a second, sustained. */
const REFERENCE_DISK = 450e6

/** 10,000,000-byte files, 8 in flight, up and down, plain and sealed. */
export const largeFiles: Bench = {
  name: 'large-files',
  async run(): Promise<Row[]> {
    const disk = sustainedDiskRate(4)
    const bare = await startBaseline('fastify')
    const body = nativeCrypto.randomBytes(LARGE)
    const plan = { connections: 8, seconds: SECONDS }
    const bareGet = rate(await runLoad([httpRequest('GET', '/large')], { ...plan, port: bare.port })) * LARGE
    const barePost = rate(await runLoad([httpRequest('POST', '/', body)], { ...plan, port: bare.port })) * LARGE
    await bare.stop()
    const scale = disk / REFERENCE_DISK

    const sotto = await startSotto(18200)
    try {
      const port = sotto.attachmentsPort
      const key = sotto.directory.services.attachments.pubkey_x25519
      // Eight bodies, stamped anew for each request: every upload is a new file.
      const uploads = Array.from({ length: 8 }, () => httpRequest('POST', '/file', nativeCrypto.randomBytes(LARGE)))
      const upload = rate(await runLoad(uploads, { ...plan, port, stampFromEnd: 8 })) * LARGE
      const stored = await fetch(`http://127.0.0.1:${port}/file`, { method: 'POST', body: Buffer.from(body) })
      const { id } = (await stored.json()) as { id: string }
      const download = rate(await runLoad([httpRequest('GET', `/file/${id}`)], { ...plan, port })) * LARGE
      // Enough for the whole time: a short run would measure little but the warm-up.
      const sealedUploads = Array.from({ length: 160 }, () =>
        httpRequest('POST', '/oxen/v4/lsrpc', sealV4(key, 'POST', '/file', nativeCrypto.randomBytes(LARGE))),
      )
      const sealedUpload =
        rate(await runLoad(sealedUploads, { ...plan, port, maxRequests: sealedUploads.length })) * LARGE
      const sealedGets = Array.from({ length: 64 }, () =>
        httpRequest('POST', '/oxen/v4/lsrpc', sealV4(key, 'GET', `/file/${id}`)),
      )
      const sealedDownload = rate(await runLoad(sealedGets, { ...plan, port })) * LARGE
      const row = (work: string, baseline: string, ours: number, target: number): Row => ({
        work,
        baseline,
        ours: megabytes(ours),
        target: `≥ ${megabytes(target)}`,
        reached: ours >= target,
      })
      const bareDisk = `disk alone ${megabytes(disk)}, bare Fastify in memory ${megabytes(barePost)}`
      return [
        row('upload of 10,000,000 bytes, plain, 8 in flight', bareDisk, upload, 400e6 * scale),
        row('upload of 10,000,000 bytes, v4, 8 in flight', bareDisk, sealedUpload, 400e6 * scale),
        row('download, plain, 8 in flight', `bare Fastify from memory ${megabytes(bareGet)}`, download, 1400e6),
        row('download, v4, 8 in flight', `bare Fastify from memory ${megabytes(bareGet)}`, sealedDownload, 700e6),
      ]
    } finally {
      await sotto.stop()
    }
  },
}
