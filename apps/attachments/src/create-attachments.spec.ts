import { once } from 'node:events'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { BusClient, describeAttachments } from '#bus'
import { InProcessBus, InProcessClient, InProcessServer } from '#bus/in-process/index'
import { toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { encodeV4Request } from '#protocol'
import { createMetrics, Health, silentLogger, systemClock } from '#runtime'
import { attachmentsConfig } from './config/attachments-config.ts'
import { type Attachments, createAttachments } from './create-attachments.ts'
import { postSealed, seal, sendV4 } from './testing/sealed-client.suite.ts'

let directory: string
let port: number
let running: Attachments | undefined

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sotto-attachments-'))
  port = await freePort()
})
afterEach(async () => {
  await running?.stop()
  running = undefined
  await rm(directory, { recursive: true, force: true })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: free } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return free
}

async function start(environment: Record<string, string> = {}, bus?: InProcessBus): Promise<Attachments> {
  const config = attachmentsConfig({
    SOTTO_DATA_DIR: join(directory, 'data'),
    SOTTO_ATTACHMENTS_PORT: port.toString(),
    SOTTO_BIND_HOST: '127.0.0.1',
    ...environment,
  })
  const attachments = await createAttachments(config, {
    crypto: nativeCrypto,
    clock: systemClock,
    logger: silentLogger,
    metrics: createMetrics({ process: false }),
    health: new Health(),
    ...(bus && { busServer: new InProcessServer({ bus, service: 'attachments', maxInFlight: 8 }) }),
  })
  running = attachments
  await attachments.start()
  return attachments
}

/** Every file below the blobs of the data directory. */
async function blobFiles(): Promise<string[]> {
  const entries = await readdir(join(directory, 'data/attachments/blobs'), { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name)
}

async function upload(url: string, bytes: Uint8Array): Promise<string> {
  const reply = await fetch(`${url}/file`, { method: 'POST', body: Buffer.from(bytes) })
  return ((await reply.json()) as { id: string }).id
}

function key({ keys }: Attachments): Uint8Array {
  const [newest] = keys.x25519
  if (newest === undefined) throw new Error('the service has no key')
  return newest.publicKey
}

describe('createAttachments', () => {
  it('keeps files and keys over a restart', async () => {
    const first = await start()
    const small = nativeCrypto.randomBytes(1000)
    const large = nativeCrypto.randomBytes(3_000_000)
    const ids = [await upload(first.url, small), await upload(first.url, large)]
    await first.stop()
    const second = await start()
    expect(toHex(second.keys.ed25519)).toBe(toHex(first.keys.ed25519))
    for (const [index, bytes] of [small, large].entries()) {
      const reply = await fetch(`${second.url}/file/${ids[index]}`)
      expect(Buffer.from(await reply.arrayBuffer()).equals(bytes)).toBe(true)
    }
  })

  it('makes its key in a file that only its owner can read', async () => {
    await start()
    const { mode } = await stat(join(directory, 'data/attachments-ed25519-seed'))
    expect(mode & 0o777).toBe(0o600)
  })

  it('takes a large file through v4 and gives it back through v4 in full and in part', async () => {
    const service = await start()
    const bytes = nativeCrypto.randomBytes(10_000_000)
    const stored = await sendV4(service.url, key(service), { method: 'POST', endpoint: '/file', body: bytes })
    const { id } = JSON.parse(Buffer.from(stored.body).toString()) as { id: string }
    const whole = await sendV4(service.url, key(service), { method: 'GET', endpoint: `/file/${id}` }, 'aes-gcm')
    expect(Buffer.compare(whole.body, bytes)).toBe(0)
    const headers = { Range: 'bytes=1000000-1999999' }
    const part = await sendV4(service.url, key(service), { method: 'GET', endpoint: `/file/${id}`, headers })
    expect(part.code).toBe(206)
    expect(Buffer.compare(part.body, bytes.subarray(1_000_000, 2_000_000))).toBe(0)
  })

  it('stores nothing of a large v4 upload with a wrong tag', async () => {
    const service = await start()
    const plaintext = encodeV4Request({ method: 'POST', endpoint: '/file', headers: {} }, new Uint8Array(3_000_000))
    const { frame } = seal(key(service), plaintext)
    frame[2_000_000] = (frame[2_000_000] ?? 0) ^ 1
    const reply = await postSealed(service.url, frame)
    expect([reply.status, await reply.json()]).toEqual([400, { status_code: 400 }])
    expect(await blobFiles()).toEqual([])
  })

  it('leaves nothing in the data directory of an upload that is cut off', async () => {
    await start()
    const socket = connect(port, '127.0.0.1')
    socket.write('POST /file HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n')
    socket.write(nativeCrypto.randomBytes(2_000_000))
    while ((await blobFiles()).length === 0) await wait(5)
    socket.destroy()
    while ((await blobFiles()).length > 0) await wait(5)
    expect(await blobFiles()).toEqual([])
  })

  it('opens requests that are sealed to an older key', async () => {
    const first = await start()
    await first.stop()
    const oldKeys = join(directory, 'old-keys')
    const seed = nativeCrypto.randomBytes(32)
    await writeFile(oldKeys, `${toHex(seed)}\n`)
    const service = await start({ SOTTO_ATTACHMENTS_OLD_KEYS_FILE: oldKeys })
    const older = nativeCrypto.x25519.publicKey(nativeCrypto.ed25519.toX25519PrivateKey(seed))
    for (const size of [10, 300_000]) {
      const body = new Uint8Array(size).fill(1)
      const reply = await sendV4(service.url, older, { method: 'POST', endpoint: '/file', body })
      expect(reply.code).toBe(200)
    }
  })

  it('tells the bus where it is and which keys it has', async () => {
    const bus = new InProcessBus()
    const service = await start({ SOTTO_ATTACHMENTS_URL: 'http://files.example.org' }, bus)
    const client = new BusClient({ transport: new InProcessClient({ bus }) })
    expect(await client.request(describeAttachments, undefined, { timeoutMs: 1000 })).toEqual({
      service: 'attachments',
      url: 'http://files.example.org',
      pubkeyEd25519: toHex(service.keys.ed25519),
      pubkeyX25519: toHex(key(service)),
    })
  })

  it('refuses to start on a port that is taken, in one sentence', async () => {
    const server = createServer().listen(port, '127.0.0.1')
    await once(server, 'listening')
    await expect(start()).rejects.toMatchObject({ code: 'PORT_UNAVAILABLE', message: /SOTTO_ATTACHMENTS_PORT/ })
    server.close()
  })

  it('refuses a data directory that is damaged or none, in one sentence', async () => {
    await (await start()).stop()
    running = undefined
    await writeFile(join(directory, 'data/attachments/files.sqlite'), 'x'.repeat(10_000))
    await expect(start()).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_UNUSABLE',
      message: expect.stringMatching(/^The data directory .* cannot be used: .*\.$/),
    })
    await writeFile(join(directory, 'data/attachments-ed25519-seed'), 'nonsense')
    await expect(start()).rejects.toMatchObject({ code: 'SECRET_FILE_INVALID' })
    const file = join(directory, 'file')
    await writeFile(file, '')
    await expect(start({ SOTTO_DATA_DIR: file })).rejects.toMatchObject({ code: 'SECRET_FILE_INVALID' })
  })
})
