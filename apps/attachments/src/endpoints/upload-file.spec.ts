import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, describe, expect, it } from '@jest/globals'
import { nativeCrypto } from '#crypto/native/index'
import { contentId } from '#protocol'
import { StoreFullError, StoreUnavailableError } from '#stores'
import { MemoryBlobs } from '../testing/memory-blobs.suite.ts'
import { MemoryRecords } from '../testing/memory-records.suite.ts'
import { startTestService, type TestService, type TestServiceOptions } from '../testing/service.suite.ts'

let service: TestService
let records: MemoryRecords
let blobs: MemoryBlobs

async function start(options: TestServiceOptions = {}): Promise<void> {
  records = new MemoryRecords()
  service = await startTestService({
    ...options,
    records,
    blobs: (now) => {
      blobs = new MemoryBlobs(now)
      return blobs
    },
  })
}

afterEach(() => service.stop())

function post(body: Uint8Array | ReadableStream, headers: Record<string, string> = {}): Promise<Response> {
  const payload = body instanceof ReadableStream ? body : Buffer.from(body)
  return fetch(`${service.url}/file`, { method: 'POST', headers, body: payload, duplex: 'half' })
}

function stream(chunk: Uint8Array, count: number): ReadableStream {
  let sent = 0
  return new ReadableStream({
    pull(controller) {
      if (sent++ < count) controller.enqueue(chunk)
      else controller.close()
    },
  })
}

function expectNothingLeft(): void {
  expect(records.rows.size).toBe(0)
  expect(blobs.committed.size).toBe(0)
  expect(blobs.unfinished.size).toBe(0)
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(5)
}

async function rawUpload(announced: number, sent: Uint8Array): Promise<Socket> {
  const socket = connect(service.port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(`POST /file HTTP/1.1\r\nHost: a\r\nContent-Length: ${announced}\r\n\r\n`)
  socket.write(sent)
  return socket
}

describe('uploadFile', () => {
  it.each([1, 65_535, 65_536, 65_537, 131_073, 1_000_000])('stores %i bytes under their content id', async (size) => {
    await start()
    const bytes = nativeCrypto.randomBytes(size)
    const reply = await post(bytes)
    expect(reply.status).toBe(200)
    const id = contentId(nativeCrypto, bytes)
    expect(await reply.json()).toEqual({ id, size, uploaded: 1_750_000_000, expires: 1_751_209_600 })
    expect(records.rows.get(id)?.record.location.kind).toBe(size <= 65_536 ? 'inline' : 'blob')
    expect(blobs.committed.size).toBe(size <= 65_536 ? 0 : 1)
  })

  it('stores a body of unknown length', async () => {
    await start()
    const reply = await post(stream(new Uint8Array(50_000).fill(3), 10))
    const { id } = (await reply.json()) as { id: string }
    expect(id).toBe(contentId(nativeCrypto, new Uint8Array(500_000).fill(3)))
  })

  it.each([
    [199_999, 200],
    [200_000, 200],
    [200_001, 413],
  ])('answers a file of %i bytes under a limit of 200,000 with %i', async (size, status) => {
    await start({ rules: { maxFileSize: 200_000 } })
    const announced = await post(new Uint8Array(size).fill(1))
    const chunked = await post(stream(new Uint8Array(size).fill(2), 1))
    expect([announced.status, chunked.status]).toEqual([status, status])
    if (status === 413) {
      expect(await announced.json()).toEqual({ status_code: 413 })
      expectNothingLeft()
    }
  })

  it('refuses an empty body of unknown length', async () => {
    await start()
    expect((await post(stream(new Uint8Array(0), 0))).status).toBe(413)
    expectNothingLeft()
  })

  it('refuses what is announced too long at once and closes the connection', async () => {
    await start({ rules: { maxFileSize: 200_000 }, stallMs: 200 })
    const socket = await rawUpload(10_000_000, new Uint8Array(1000))
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1.1 413 /)
    expect(answer.toString()).toMatch(/connection: close/i)
    await once(socket, 'close')
    expectNothingLeft()
  })

  it('refuses a body of unknown length while it streams', async () => {
    await start({ rules: { maxFileSize: 200_000 }, stallMs: 200 })
    const socket = connect(service.port, '127.0.0.1')
    socket.write('POST /file HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
    socket.write(Buffer.concat([Buffer.from('30d41\r\n'), Buffer.alloc(200_001), Buffer.from('\r\n')]))
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1.1 413 /)
    await once(socket, 'close')
    expectNothingLeft()
  })

  it.each([1000, 150_000])('keeps nothing of an upload that is cut off after %i bytes', async (sent) => {
    await start()
    const socket = await rawUpload(500_000, new Uint8Array(sent))
    if (sent > 65_536) await until(() => blobs.unfinished.size === 1)
    socket.destroy()
    await until(() => service.observer.failures.length === 1)
    expect(service.observer.failures[0]).toMatchObject({ code: 'CLIENT_GONE' })
    await until(() => blobs.unfinished.size === 0)
    expectNothingLeft()
  })

  it('cuts off a client that stalls and keeps nothing', async () => {
    await start({ stallMs: 50 })
    const socket = await rawUpload(500_000, new Uint8Array(150_000))
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1.1 408 /)
    await once(socket, 'close')
    expectNothingLeft()
  })

  it('gives twenty uploads of the same bytes one record and one blob', async () => {
    await start()
    const bytes = nativeCrypto.randomBytes(300_000)
    const replies = await Promise.all(Array.from({ length: 20 }, () => post(bytes)))
    const ids = await Promise.all(replies.map(async (reply) => ((await reply.json()) as { id: string }).id))
    expect(new Set(ids).size).toBe(1)
    expect(records.rows.size).toBe(1)
    expect(blobs.committed.size).toBe(1)
    const downloaded = await (await fetch(`${service.url}/file/${ids[0]}`)).arrayBuffer()
    expect(Buffer.from(downloaded).equals(bytes)).toBe(true)
  })

  it('replaces the expired record of the same bytes and its blob', async () => {
    await start()
    const bytes = nativeCrypto.randomBytes(300_000)
    await post(bytes)
    const [first] = blobs.committed.keys()
    service.advance(1_209_600_000)
    expect((await post(bytes)).status).toBe(200)
    expect([...blobs.committed.keys()]).toHaveLength(1)
    expect(blobs.committed.has(first ?? '')).toBe(false)
  })

  it('stores the bytes again when the blob of their record is lost', async () => {
    await start()
    const bytes = nativeCrypto.randomBytes(300_000)
    await post(bytes)
    blobs.committed.clear()
    const { id } = (await (await post(bytes)).json()) as { id: string }
    expect((await fetch(`${service.url}/file/${id}`)).status).toBe(200)
  })

  it('answers 507 when the store is full and 503 when it cannot be reached', async () => {
    await start()
    blobs.failure = new StoreFullError('full')
    const full = await post(new Uint8Array(100_000))
    records.failure = new StoreUnavailableError('away')
    const away = await post(new Uint8Array(100))
    expect(await full.json()).toEqual({ status_code: 507 })
    expect(full.headers.get('sotto-error')).toBe('STORE_FULL')
    expect(away.status).toBe(503)
    expect(away.headers.get('retry-after')).toBe('5')
    expectNothingLeft()
  })

  it('removes its blob when the record cannot be written', async () => {
    await start()
    records.failure = new StoreFullError('full')
    expect((await post(new Uint8Array(100_000))).status).toBe(507)
    expectNothingLeft()
  })
})

describe('uploadFile with numeric ids', () => {
  it('gives each upload an id of its own below 2^53, in both forms', async () => {
    await start({ rules: { idMode: 'numeric' } })
    const first = (await (await post(Buffer.from('same'))).json()) as { id: string }
    const second = (await (await post(Buffer.from('same'))).json()) as { id: string }
    const body = JSON.stringify({ file: 'c2FtZQ' })
    const legacy = await fetch(`${service.url}/files`, { method: 'POST', body })
    const { result } = (await legacy.json()) as { result: number }
    expect(first.id).not.toBe(second.id)
    expect(Number.isSafeInteger(Number(first.id))).toBe(true)
    expect(Number.isSafeInteger(result)).toBe(true)
    expect(await (await fetch(`${service.url}/file/${result}`)).text()).toBe('same')
  })

  it('gives up with 507 after 25 taken ids', async () => {
    await start({ rules: { idMode: 'numeric' } })
    let tries = 0
    records.put = async (file) => {
      tries += 1
      const record = { ...file, location: { kind: 'inline' as const } }
      return { record, outcome: 'taken' }
    }
    const reply = await post(new Uint8Array(100_000))
    expect(await reply.json()).toEqual({ status_code: 507 })
    expect(reply.headers.get('sotto-error')).toBe('FILE_IDS_EXHAUSTED')
    expect(tries).toBe(25)
    expectNothingLeft()
  })

  it('gives a numeric file a validator that changes with the file', async () => {
    await start({ rules: { idMode: 'numeric' } })
    const { id } = (await (await post(Buffer.from('one'))).json()) as { id: string }
    const tag = (await fetch(`${service.url}/file/${id}`)).headers.get('etag') ?? ''
    expect(tag).toMatch(/^"[0-9a-z-]+"$/)
    const again = await fetch(`${service.url}/file/${id}`, { headers: { 'if-none-match': tag } })
    expect(again.status).toBe(304)
  })
})

describe('uploadLegacy', () => {
  it.each([
    [7_999_999, 200],
    [8_000_000, 200],
    [8_000_001, 413],
  ])('answers a base64 text of %i characters with %i', async (length, status) => {
    await start()
    const body = JSON.stringify({ file: 'A'.repeat(length) })
    const reply = await fetch(`${service.url}/files`, { method: 'POST', body })
    expect(reply.status).toBe(status)
  })

  it.each(['', '[]', '{"file":1}', '{"file":"a"}', '{"file":"a*=="}', 'null', '\xff'])('refuses %s', async (body) => {
    await start()
    const reply = await fetch(`${service.url}/files`, { method: 'POST', body })
    expect(await reply.json()).toEqual({ status_code: 400 })
  })
})
