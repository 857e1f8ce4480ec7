import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { nativeCrypto } from '#crypto/native/index'
import { createMetrics, Health, silentLogger, systemClock } from '#runtime'
import { type RedisBackend, type S3Backend, startRedis, startS3 } from '../../../../test/support/backends/index.ts'
import { attachmentsConfig } from '../config/attachments-config.ts'
import { type Attachments, createAttachments } from '../create-attachments.ts'

let directory: string
let redis: RedisBackend
let s3: S3Backend
let port: number

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sotto-distributed-'))
  ;[redis, s3] = await Promise.all([startRedis(), startS3()])
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
  server.close()
  await once(server, 'close')
}, 60_000)
afterAll(async () => {
  await Promise.all([redis.stop(), s3.stop()])
  await rm(directory, { recursive: true })
})

async function start(redisUrl = redis.url): Promise<Attachments> {
  const config = attachmentsConfig({
    SOTTO_DATA_DIR: directory,
    SOTTO_ATTACHMENTS_PORT: port.toString(),
    SOTTO_BIND_HOST: '127.0.0.1',
    SOTTO_REDIS_URL: redisUrl,
    SOTTO_S3_ENDPOINT: s3.url,
    SOTTO_S3_ACCESS_KEY: s3.accessKey,
    SOTTO_S3_SECRET_KEY: s3.secretKey,
    SOTTO_S3_BUCKET: 'attachments',
  })
  const attachments = await createAttachments(config, {
    crypto: nativeCrypto,
    clock: systemClock,
    logger: silentLogger,
    metrics: createMetrics({ process: false }),
    health: new Health(),
  })
  await attachments.start()
  return attachments
}

describe('attachments on Redis and S3', () => {
  it('gives files back, whole and in part, over a restart', async () => {
    const first = await start()
    const files = [1, 100_000, 10_000_000].map((size) => nativeCrypto.randomBytes(size))
    const ids: string[] = []
    for (const body of files) {
      const reply = await fetch(`${first.url}/file`, { method: 'POST', body: Buffer.from(body) })
      ids.push(((await reply.json()) as { id: string }).id)
    }
    await first.stop()
    const second = await start()
    for (const [index, bytes] of files.entries()) {
      const reply = await fetch(`${second.url}/file/${ids[index]}`)
      expect(Buffer.from(await reply.arrayBuffer()).equals(bytes)).toBe(true)
    }
    const part = await fetch(`${second.url}/file/${ids[2]}`, { headers: { range: 'bytes=5000000-5000009' } })
    expect(part.status).toBe(206)
    expect(Buffer.from(await part.arrayBuffer()).equals((files[2] ?? Buffer.of()).subarray(5_000_000, 5_000_010))).toBe(
      true,
    )
    await second.stop()
  }, 60_000)

  it('answers 503 while Redis is away and serves again afterwards', async () => {
    const service = await start()
    const post = (): Promise<Response> => fetch(`${service.url}/file`, { method: 'POST', body: 'abc' })
    await redis.kill()
    const away = await post()
    expect(away.status).toBe(503)
    expect(away.headers.get('retry-after')).not.toBeNull()
    await redis.restart()
    let back = await post()
    while (back.status === 503) back = await post()
    expect(back.status).toBe(200)
    await service.stop()
  }, 60_000)

  it('refuses to start without Redis, in one sentence', async () => {
    await expect(start('redis://127.0.0.1:1')).rejects.toMatchObject({
      code: 'DISTRIBUTED_STORES_UNUSABLE',
      message: expect.stringMatching(/^The stores behind .* cannot be used: .*\.$/),
    })
  })
})
