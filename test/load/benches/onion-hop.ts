import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { buildOnionRequest } from '#protocol'
import { selfSignedCertificate } from '../lib/certificate.ts'
import { startBaseline, startSotto } from '../lib/processes.ts'
import { type Bench, percent, perSecond, type Row } from '../lib/report.ts'
import { httpRequest, rate, runLoad } from '../lib/run-load.ts'

const BODY = 10_000
const SECONDS = 4

/**
 * One onion hop: a node opens its layer and posts the inside to a server, beside a bare TLS proxy that posts the same number of bytes to the same
 * server. Both over kept-alive TLS with 32 in flight.
 */
export const onionHop: Bench = {
  name: 'onion-hop',
  async run(): Promise<Row[]> {
    const directory = mkdtempSync(join(tmpdir(), 'sotto-tls-'))
    const target = await startBaseline('fastify')
    const { key, cert } = await selfSignedCertificate()
    writeFileSync(join(directory, 'key.pem'), key)
    writeFileSync(join(directory, 'cert.pem'), cert)
    const proxy = await startBaseline('tls-proxy', [
      String(target.port),
      join(directory, 'key.pem'),
      join(directory, 'cert.pem'),
    ])
    const sotto = await startSotto(18600, { SOTTO_EXIT_ALLOW: `127.0.0.1:${target.port}` })
    try {
      const plan = { tls: true, connections: 32, seconds: SECONDS }
      const node = sotto.directory.nodes[0]
      if (!node) throw new Error('discovery lists no node')
      const x25519 = fromHex(node.pubkey_x25519, 32)
      if (!x25519) throw new Error('the node key is not 64 hex digits')
      const requests = Array.from({ length: 500 }, () => {
        const { body } = buildOnionRequest(nativeCrypto, {
          path: [{ ed25519: node.pubkey_ed25519, x25519 }],
          destination: {
            kind: 'server',
            host: '127.0.0.1',
            port: target.port,
            protocol: 'http',
            target: '/oxen/v4/lsrpc',
            x25519,
          },
          payload: nativeCrypto.randomBytes(BODY),
          encryptionType: 'aes-gcm',
          style: 'desktop',
        })
        return httpRequest('POST', '/onion_req/v2', body)
      })
      const bare = rate(
        await runLoad([httpRequest('POST', '/', nativeCrypto.randomBytes(BODY))], { ...plan, port: proxy.port }),
      )
      const hop = rate(await runLoad(requests, { ...plan, port: node.storage_port }))
      return [
        {
          work: 'one onion hop, 10 kB body, keep-alive TLS, 32 in flight',
          baseline: `bare Node TLS proxy ${perSecond(bare)}`,
          ours: `${perSecond(hop)} (${percent(hop / bare)})`,
          target: '≥ 50 %',
          reached: hop >= 0.5 * bare,
        },
      ]
    } finally {
      await Promise.all([proxy.stop(), target.stop(), sotto.stop()])
      rmSync(directory, { recursive: true, force: true })
    }
  },
}
