import { beforeEach, describe, expect, it } from '@jest/globals'
import { toHex, utf8 } from '#crypto'
import { FileUrlError, MAX_UPLOAD_SIZE, parseFileUrl } from '#protocol'
import { type Client, createClient } from '../client.ts'
import { EXPIRES, FakeFileServer, json, UPLOADED } from '../node/fakes/file-server.suite.ts'
import { FakeNetwork, plain } from '../node/fakes/network.suite.ts'
import { PathFailedError } from '../onion/errors.ts'
import { guardByTls } from '../onion/guard-url.ts'
import { type FakeEnvironment, fakeEnvironment, fakeNodes, fakeSource } from '../node/fakes/environment.suite.ts'
import type { TransferProgress } from '../transport/transport.ts'
import {
  ContentMismatchError,
  FileNotFoundError,
  FileRefusedError,
  FileReplyError,
  FileServerError,
  NoFileServerError,
  ServerKeyMissingError,
} from './errors.ts'

const blob = new Uint8Array(5_000).map((_, index) => index % 251)
const nodes = fakeNodes(9)

let environment: FakeEnvironment
let network: FakeNetwork
let server: FakeFileServer
let client: Client

function createWithServer(): Client {
  const services = { attachments: network.service }
  return createClient({ environment, transport: network, guardUrl: guardByTls, network: fakeSource(nodes, services) })
}

beforeEach(() => {
  environment = fakeEnvironment()
  network = new FakeNetwork(nodes)
  server = new FakeFileServer()
  network.serve = server.serve
  client = createWithServer()
})

describe('FileClient', () => {
  it('uploads and downloads through the network', async () => {
    const { id, url, expires } = await client.files.upload(blob, { ttlSeconds: 60 })
    expect(expires).toBe(EXPIRES)
    expect(url).toBe(`http://127.0.0.1:3001/file/${id}#p=${network.service.ed25519}`)
    expect(server.requests[0]?.headers['x-fs-ttl']).toBe('60')
    expect(toHex(await client.files.download(url))).toBe(toHex(blob))
  })

  it('says in the URL that a blob is in the stream scheme', async () => {
    const { url } = await client.files.upload(blob, { deterministic: true })
    expect(parseFileUrl(url).deterministic).toBe(true)
  })

  it('carries the largest upload', async () => {
    const { url } = await client.files.upload(new Uint8Array(MAX_UPLOAD_SIZE))
    expect(await client.files.download(url)).toHaveLength(MAX_UPLOAD_SIZE)
  })

  it('asks for the record of a file and extends its life', async () => {
    const { url } = await client.files.upload(blob)
    const record = { size: blob.length, uploaded: UPLOADED, expires: EXPIRES }
    await expect(client.files.info(url)).resolves.toEqual(record)
    await expect(client.files.extend(url, 77)).resolves.toEqual(record)
    expect(server.requests.at(-1)).toMatchObject({ method: 'POST', headers: { 'x-fs-ttl': '77' } })
  })

  it('tells the progress', async () => {
    const steps: TransferProgress[] = []
    await client.files.upload(blob, { onProgress: (step) => steps.push(step) })
    expect(steps.some((step) => step.direction === 'sending' && step.bytes === step.total)).toBe(true)
  })

  it('refuses bytes that do not belong to the id', async () => {
    const { id, url } = await client.files.upload(blob)
    server.files.set(id, utf8('something else'))
    await expect(client.files.download(url)).rejects.toBeInstanceOf(ContentMismatchError)
    network.serve = () => json(200, { id, expires: EXPIRES })
    await expect(client.files.upload(utf8('other'))).rejects.toBeInstanceOf(ContentMismatchError)
  })

  it('takes any bytes under a numeric id, which proves nothing', async () => {
    network.serve = () => json(200, { id: '42', expires: EXPIRES })
    const { url } = await client.files.upload(blob)
    network.serve = () => ({ code: 200, body: blob })
    await expect(client.files.download(url)).resolves.toHaveLength(blob.length)
  })

  it('takes 404 for final', async () => {
    const url = `http://127.0.0.1:3001/file/42#p=${network.service.ed25519}`
    await expect(client.files.download(url)).rejects.toBeInstanceOf(FileNotFoundError)
    expect(server.requests).toHaveLength(1)
  })

  it('takes 413 for final', async () => {
    network.serve = () => json(413, { status_code: 413 })
    await expect(client.files.upload(blob)).rejects.toBeInstanceOf(FileRefusedError)
    expect(network.visits).toHaveLength(1)
  })

  it('tries three times after any other error', async () => {
    let calls = 0
    network.serve = (request) => (++calls < 3 ? json(500, {}) : server.serve(request))
    await expect(client.files.upload(blob)).resolves.toHaveProperty('expires', EXPIRES)
    network.serve = () => json(507, {})
    await expect(client.files.upload(blob)).rejects.toBeInstanceOf(FileServerError)
    expect(network.visits).toHaveLength(6)
  })

  it('leaves failures of the path to the sender, which tries three times', async () => {
    network.interfere = () => plain(500, 'x')
    await expect(client.files.upload(blob)).rejects.toBeInstanceOf(PathFailedError)
    expect(network.visits).toHaveLength(3)
  })

  it.each([
    ['no JSON', { code: 200, body: utf8('ok') }],
    ['no UTF-8', { code: 200, body: Uint8Array.of(255) }],
    ['no object', json(200, [])],
    ['a numeric id', json(200, { id: 42, expires: EXPIRES })],
    ['an id that is not well formed', json(200, { id: '../x', expires: EXPIRES })],
    ['no expiry', json(200, { id: '42' })],
    ['an expiry that is a text', json(200, { id: '42', expires: '1' })],
  ])('does not understand an upload answered with %s', async (_what, reply) => {
    network.serve = () => reply
    await expect(client.files.upload(blob)).rejects.toBeInstanceOf(FileReplyError)
  })

  it('does not understand a record without times', async () => {
    network.serve = () => json(200, { size: 1 })
    const url = `http://127.0.0.1:3001/file/42#p=${network.service.ed25519}`
    await expect(client.files.info(url)).rejects.toBeInstanceOf(FileReplyError)
  })

  it('uses the key of the network for its own server only', async () => {
    const { id } = await client.files.upload(blob)
    await expect(client.files.download(`http://127.0.0.1:3001/file/${id}`)).resolves.toHaveLength(blob.length)
    const elsewhere = client.files.download(`http://files.example.org/file/${id}`)
    await expect(elsewhere).rejects.toBeInstanceOf(ServerKeyMissingError)
    const noPoint = client.files.download(`http://127.0.0.1:3001/file/${id}#p=${'ff'.repeat(32)}`)
    await expect(noPoint).rejects.toBeInstanceOf(ServerKeyMissingError)
  })

  it('sends nothing for a URL that is none', async () => {
    await expect(client.files.download('http://127.0.0.1:3001/other/42')).rejects.toBeInstanceOf(FileUrlError)
    expect(network.visits).toHaveLength(0)
  })

  it('says so when the network has no file server', async () => {
    const bare = createClient({ environment, transport: network, guardUrl: guardByTls, network: fakeSource(nodes) })
    await expect(bare.files.upload(blob)).rejects.toBeInstanceOf(NoFileServerError)
  })
})
