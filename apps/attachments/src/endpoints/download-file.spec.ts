import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { nativeCrypto } from '#crypto/native/index'
import { startTestService, type TestService } from '../testing/service.suite.ts'

describe.each([
  ['inline', 5000],
  ['blob', 200_000],
])('downloadFile, body in %s', (_kind, size) => {
  const bytes = Buffer.from(nativeCrypto.randomBytes(size))
  let service: TestService
  let url: string
  let tag: string

  beforeEach(async () => {
    service = await startTestService()
    const reply = await fetch(`${service.url}/file`, { method: 'POST', body: bytes })
    const { id } = (await reply.json()) as { id: string }
    url = `${service.url}/file/${id}`
    tag = `"${id}"`
  })
  afterEach(() => service.stop())

  async function bodyOf(reply: Response): Promise<Buffer> {
    return Buffer.from(await reply.arrayBuffer())
  }

  it('sends the bytes with expiry, validator and a private, unchanging cache life', async () => {
    const reply = await fetch(url)
    expect(reply.status).toBe(200)
    expect((await bodyOf(reply)).equals(bytes)).toBe(true)
    expect(reply.headers.get('content-length')).toBe(size.toString())
    expect(reply.headers.get('expires')).toBe(new Date(1_751_209_600_000).toUTCString())
    expect(reply.headers.get('etag')).toBe(tag)
    expect(reply.headers.get('accept-ranges')).toBe('bytes')
    expect(reply.headers.get('cache-control')).toBe('private, max-age=1209600, immutable')
  })

  it('sends the head alone on HEAD', async () => {
    const reply = await fetch(url, { method: 'HEAD', headers: { range: 'bytes=0-1' } })
    expect(reply.status).toBe(200)
    expect(reply.headers.get('content-length')).toBe(size.toString())
    expect(await bodyOf(reply)).toHaveLength(0)
  })

  it.each([
    ['bytes=0-9', 0, 10],
    ['bytes=4990-', 4990, size],
    ['bytes=-10', size - 10, size],
    ['bytes=100-99999999', 100, size],
  ])('sends a part for %s', async (range, start, end) => {
    const reply = await fetch(url, { headers: { range } })
    expect(reply.status).toBe(206)
    expect(reply.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/${size}`)
    expect((await bodyOf(reply)).equals(bytes.subarray(start, end))).toBe(true)
  })

  it('refuses a range behind the end and says how long the file is', async () => {
    const reply = await fetch(url, { headers: { range: `bytes=${size}-` } })
    expect(reply.status).toBe(416)
    expect(reply.headers.get('content-range')).toBe(`bytes */${size}`)
  })

  it('sends everything for several ranges', async () => {
    const reply = await fetch(url, { headers: { range: 'bytes=0-1,3-4' } })
    expect(reply.status).toBe(200)
    expect(await bodyOf(reply)).toHaveLength(size)
  })

  it('heeds a range under If-Range only while the validator holds', async () => {
    const held = await fetch(url, { headers: { range: 'bytes=0-1', 'if-range': tag } })
    const changed = await fetch(url, { headers: { range: 'bytes=0-1', 'if-range': '"other"' } })
    const weak = await fetch(url, { headers: { range: 'bytes=0-1', 'if-range': `W/${tag}` } })
    expect([held.status, changed.status, weak.status]).toEqual([206, 200, 200])
    await Promise.all([held, changed, weak].map((reply) => reply.arrayBuffer()))
  })

  it('answers 304 when the client has the file', async () => {
    const reply = await fetch(url, { headers: { 'if-none-match': tag } })
    expect(reply.status).toBe(304)
    expect(reply.headers.get('etag')).toBe(tag)
    expect(await bodyOf(reply)).toHaveLength(0)
  })

  it('is a 404 from the instant of its expiry on, swept or not', async () => {
    service.advance(1_209_599_999)
    expect((await fetch(url)).status).toBe(200)
    service.advance(1)
    const reply = await fetch(url)
    expect(reply.status).toBe(404)
    expect(await reply.json()).toEqual({ status_code: 404 })
    expect(reply.headers.get('sotto-error')).toBe('FILE_NOT_FOUND')
  })

  it('gives the legacy form of the same bytes', async () => {
    const reply = await fetch(url.replace('/file/', '/files/'))
    expect(await reply.json()).toEqual({ status_code: 200, result: bytes.toString('base64') })
  })
})
