import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type S3Backend, startS3 } from '../../../../../test/support/backends/index.ts'
import { type Blobs, StoreFullError, StoreUnavailableError } from '../../index.ts'
import { describeBlobs } from '../blobs.suite.ts'
import { readAll } from '../read-all.suite.ts'
import { createS3Blobs } from './index.ts'

let backend: S3Backend
let count = 0

beforeAll(async () => {
  backend = await startS3()
})
afterAll(async () => {
  await backend.stop()
})

function open(bucket: string, port = backend.port, stallTimeout = 30_000): Promise<Blobs> {
  const client = { endPoint: '127.0.0.1', port, useSSL: false, accessKey: 'S3RVER', secretKey: 'S3RVER' }
  return createS3Blobs({ client, bucket, randomBytes, stallTimeout })
}

describeBlobs('S3 blobs', async () => {
  const bucket = `bucket-${count++}`
  const reopen = (): Promise<Blobs> => open(bucket)
  return { blobs: await reopen(), reopen, stop: async () => undefined }
})

describe('S3 blobs over one server', () => {
  it('keep what was stored through a death of the server', async () => {
    const blobs = await open('survivor')
    const writer = await blobs.create({ maxSize: 10_223_616 })
    await writer.write(Buffer.alloc(10_223_616, 7))
    const key = await writer.commit()
    await backend.kill()
    await expect(blobs.size(key)).rejects.toThrow(StoreUnavailableError)
    await expect(blobs.check()).rejects.toThrow(StoreUnavailableError)
    await expect(open('survivor')).rejects.toThrow(StoreUnavailableError)
    const lost = await blobs.create({ maxSize: 1 })
    await lost.write(Buffer.alloc(1))
    await expect(lost.commit()).rejects.toThrow(StoreUnavailableError)
    await backend.restart()
    expect((await readAll(await blobs.read(key))).equals(Buffer.alloc(10_223_616, 7))).toBe(true)
    await blobs.close()
  })

  it('do not list or touch objects of others', async () => {
    const blobs = await open('shared')
    const { Client } = await import('minio')
    const { port } = backend
    const client = new Client({
      endPoint: '127.0.0.1',
      port,
      useSSL: false,
      accessKey: 'S3RVER',
      secretKey: 'S3RVER',
      region: 'us-east-1',
    })
    await client.putObject('shared', 'notes.txt', 'x')
    await blobs.delete('notes.txt')
    for await (const { key } of blobs.list()) throw new Error(`listed ${key}`)
    expect((await client.statObject('shared', 'notes.txt')).size).toBe(1)
    await blobs.close()
  })
})

describe('S3 blobs over a server in trouble', () => {
  /** Answers uploads as told, and everything else as a bucket that is there. */
  async function withServer(onPut: RequestListener, work: (blobs: Blobs) => Promise<void>): Promise<void> {
    const server: Server = createServer((request, response) => {
      if (request.method === 'PUT') onPut(request, response)
      else response.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const blobs = await open('bucket', (server.address() as AddressInfo).port, 200)
      await work(blobs)
      await blobs.close()
    } finally {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }

  async function commitOne(blobs: Blobs): Promise<string> {
    const writer = await blobs.create({ maxSize: 10 })
    await writer.write(Buffer.alloc(10))
    return writer.commit()
  }

  it.each([
    ['507 without a body', 507, ''],
    ['a full quota', 400, '<Error><Code>QuotaExceeded</Code><Message>full</Message></Error>'],
    ['an error of its own', 500, ''],
  ])('say what %s means', async (_, status, body) => {
    await withServer(
      (request, response) => {
        request.resume()
        response.writeHead(status).end(body)
      },
      async (blobs) => {
        await expect(commitOne(blobs)).rejects.toThrow(status === 500 ? StoreUnavailableError : StoreFullError)
      },
    )
  })

  it('give up on a server that does not answer', async () => {
    await withServer(
      (request) => request.resume(),
      async (blobs) => {
        await expect(commitOne(blobs)).rejects.toThrow(StoreUnavailableError)
      },
    )
  })
})
