import { describe, expect, it } from '@jest/globals'
import { nativeCrypto } from '#crypto/native/index'
import { CountedMemory } from '#endpoints/testing.suite'
import { createMetrics, silentLogger } from '#runtime'
import { attachmentsEndpoints } from './endpoints/index.ts'
import { attachmentsEvents } from './events.ts'
import { ContentIdPool } from './hashing/content-id-pool.ts'
import { MemoryBlobs } from './testing/memory-blobs.suite.ts'
import { MemoryRecords } from './testing/memory-records.suite.ts'
import { VECTOR_RULES } from './testing/service.suite.ts'

describe('attachmentsEvents', () => {
  const metrics = createMetrics({ process: false })
  const events = attachmentsEvents(silentLogger, metrics)

  it('counts requests to every route of the service, and to none', async () => {
    const now = (): number => 0
    const nothing = { current: async () => undefined }
    const endpoints = attachmentsEndpoints(
      {
        rules: VECTOR_RULES,
        records: new MemoryRecords(),
        blobs: new MemoryBlobs(now),
        crypto: nativeCrypto,
        hashing: new ContentIdPool({ crypto: nativeCrypto, workers: 1, loopBytes: 1 }),
        now,
        events,
      },
      { releases: nothing, tokenInfo: nothing, networkInfo: nothing },
      new CountedMemory(),
    )
    const sealed = ['/oxen/v4/lsrpc', '/oxen/v3/lsrpc', '/loki/v3/lsrpc', '*']
    for (const route of [...endpoints.map((endpoint) => endpoint.route), ...sealed]) events.answered('http', route, 200)
    const text = await metrics.text()
    for (const { route } of endpoints) expect(text).toContain(`route="${route}"`)
  })

  it('counts files and bytes, without a word of which file', async () => {
    events.uploaded('created', 100)
    events.downloaded(40)
    events.swept('expired', 3)
    events.openedWithOldKey()
    const text = await metrics.text()
    expect(text).toContain('sotto_attachments_bytes_total{direction="in"} 100')
    expect(text).toContain('sotto_attachments_bytes_total{direction="out"} 40')
    expect(text).toContain('sotto_attachments_swept_total{kind="expired"} 3')
    expect(text).toContain('sotto_attachments_old_key_requests_total 1')
  })
})
