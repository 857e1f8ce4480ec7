import { nativeCrypto } from '#crypto/native/index'
import { residentBytes, startSotto, watchMemory } from '../lib/processes.ts'
import { type Bench, mebibytes, type Row } from '../lib/report.ts'
import { httpRequest, rate, runLoad } from '../lib/run-load.ts'
import { sealV4 } from '../lib/sealed.ts'

const LARGE = 10_000_000
const PARALLEL = 100
const MIB = 1048576

/** Peak memory under 100 parallel 10-MB uploads, cold start and idle memory of the built standalone. */
export const memory: Bench = {
  name: 'memory',
  async run(): Promise<Row[]> {
    const rows: Row[] = []
    const warm = await startSotto(18400)
    await warm.stop()
    const first = await startSotto(18400)
    await new Promise((resolve) => setTimeout(resolve, 2000))
    const idle = residentBytes(first.pid)
    rows.push(
      {
        work: 'cold start of the built standalone, new data directory',
        baseline: '–',
        ours: `${Math.round(first.readyMs)} ms`,
        target: '< 1,500 ms',
        reached: first.readyMs < 1500,
      },
      {
        work: 'idle memory',
        baseline: '–',
        ours: mebibytes(idle),
        target: '< 160 MiB',
        reached: idle < 160 * MIB,
      },
    )
    try {
      const port = first.attachmentsPort
      const key = first.directory.services.attachments.pubkey_x25519
      const uploads = Array.from({ length: 16 }, () => httpRequest('POST', '/file', nativeCrypto.randomBytes(LARGE)))
      // A few requests first, so that code and thread pools are there before the measurement.
      rate(await runLoad(uploads.slice(0, 8), { port, connections: 2, seconds: 30, maxRequests: 8, stampFromEnd: 8 }))
      const before = residentBytes(first.pid)
      const plainWatch = watchMemory(first.pid)
      rate(await runLoad(uploads, { port, connections: PARALLEL, seconds: 60, maxRequests: PARALLEL, stampFromEnd: 8 }))
      const plain = plainWatch.stop() - before
      rows.push({
        work: `${PARALLEL} parallel uploads of 10 MB, plain: growth of resident memory`,
        baseline: `before ${mebibytes(before)}`,
        ours: mebibytes(plain),
        target: '< 64 MiB',
        reached: plain < 64 * MIB,
      })
      const sealed = Array.from({ length: 16 }, () =>
        httpRequest('POST', '/oxen/v4/lsrpc', sealV4(key, 'POST', '/file', nativeCrypto.randomBytes(LARGE))),
      )
      const beforeSealed = residentBytes(first.pid)
      const sealedWatch = watchMemory(first.pid)
      rate(await runLoad(sealed, { port, connections: PARALLEL, seconds: 60, maxRequests: PARALLEL }))
      const growth = sealedWatch.stop() - beforeSealed
      const metrics = await (await fetch(`http://127.0.0.1:${first.operationsPort}/metrics`)).text()
      const budget = Number(/^sotto_sealed_bytes_limit(?:\{[^}]*\})? (\d+)/m.exec(metrics)?.[1] ?? PARALLEL * LARGE)
      const inFlight = Math.min(budget, PARALLEL * LARGE)
      rows.push({
        work: `${PARALLEL} parallel uploads of 10 MB, v4: growth of resident memory`,
        baseline: `bodies in flight, bounded: ${mebibytes(inFlight)}`,
        ours: `${mebibytes(growth)} (${(growth / inFlight).toFixed(2)} ×)`,
        target: '< 1.3 ×',
        reached: growth < 1.3 * inFlight,
      })
    } finally {
      await first.stop()
    }
    return rows
  },
}
