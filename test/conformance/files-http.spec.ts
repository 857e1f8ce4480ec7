import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { concat, fromHex, toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { decryptLayer } from '#protocol'
import { serviceKeys } from '#endpoints'
import { sendV4 } from '../../apps/attachments/src/testing/sealed-client.suite.ts'
import { startTestService, type TestService } from '../../apps/attachments/src/testing/service.suite.ts'

interface Pattern {
  readonly pattern_seed?: string
  readonly data_hex?: string
  readonly len: number
}

interface Step {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly body?: Pattern
  readonly json?: unknown
  readonly headers?: Record<string, string>
  readonly expect: {
    readonly status: number
    readonly json?: Record<string, unknown>
    readonly content_type?: string
    readonly body_sha256?: string
  }
}

interface OnionCase {
  readonly name: string
  readonly version: 3 | 4
  readonly http_path: string
  readonly server_x25519_priv: string
  readonly server_x25519_pub: string
  readonly enc_type: 'xchacha20' | 'aes-gcm'
  readonly shared_key: string
  readonly request_body_b64: string
  readonly reply_plaintext_b64: string
  readonly reply_http_body_b64: string
}

const vectors = JSON.parse(readFileSync(join(import.meta.dirname, '../vectors/files.json'), 'utf8')) as {
  readonly now: number
  readonly http: { readonly steps: readonly Step[] }
  readonly id_checks: readonly { id: string; extendable: boolean; well_formed: boolean }[]
  readonly blinded_auth: {
    readonly cases: readonly {
      readonly name: string
      readonly method: string
      readonly path: string
      readonly query: string
      readonly headers: Record<string, string>
      readonly expect: { readonly status: number; readonly content_type?: string; readonly body?: string }
    }[]
  }
  readonly onion: readonly OnionCase[]
}

interface Answer {
  readonly status: number
  readonly contentType: string
  readonly body: Uint8Array
}

interface Ask {
  readonly method: string
  readonly target: string
  readonly headers: Record<string, string>
  readonly body?: Uint8Array
}

type Door = (service: TestService, ask: Ask) => Promise<Answer>

const plain: Door = async ({ url }, { method, target, headers, body }) => {
  const init = body === undefined ? {} : { body: Buffer.from(body) }
  const reply = await fetch(url + target, { method, headers, ...init })
  const bytes = new Uint8Array(await reply.arrayBuffer())
  return { status: reply.status, contentType: reply.headers.get('content-type') ?? '', body: bytes }
}

const v4: Door = async ({ url, keys }, { method, target, headers, body }) => {
  const [newest] = keys.x25519
  if (newest === undefined) throw new Error('the service has no key')
  const request = { method, endpoint: target, headers, ...(body === undefined ? {} : { body }) }
  const reply = await sendV4(url, newest.publicKey, request)
  return { status: reply.code, contentType: reply.headers['content-type'] ?? '', body: reply.body }
}

const doors: readonly (readonly [string, Door])[] = [
  ['plain HTTP', plain],
  ['v4', v4],
]

function bytesOf(pattern: Pattern): Uint8Array {
  if (pattern.data_hex !== undefined) return Buffer.from(pattern.data_hex, 'hex')
  const seed = Buffer.from(pattern.pattern_seed ?? '', 'hex')
  const blocks: Uint8Array[] = []
  for (let i = 0; i * 32 < pattern.len; i++) {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(i)
    blocks.push(nativeCrypto.sha256(concat(seed, counter)))
  }
  return concat(...blocks).subarray(0, pattern.len)
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8')
}

const release = {
  current: async () => ({
    members: { android: { stable: { result: '1.2.3' } } },
    refreshedAt: vectors.now * 1000,
  }),
}
const networkInfo = { current: async () => ({ members: { price: {} }, refreshedAt: 0 }) }

describe.each(doors)('files.json through %s', (_name, door) => {
  describe('http steps, in order on an empty server', () => {
    let service: TestService
    beforeAll(async () => {
      service = await startTestService({ startAt: vectors.now * 1000 })
    })
    afterAll(() => service.stop())

    it.each(vectors.http.steps)('$name', async (step) => {
      const body = step.json === undefined ? step.body && bytesOf(step.body) : Buffer.from(JSON.stringify(step.json))
      const answer = await door(service, {
        method: step.method,
        target: step.path,
        headers: step.headers ?? {},
        ...(body === undefined ? {} : { body }),
      })
      expect(answer.status).toBe(step.expect.status)
      if (step.expect.json !== undefined) {
        expect(answer.contentType).toBe('application/json')
        expect(JSON.parse(text(answer.body))).toMatchObject(step.expect.json)
      }
      if (step.expect.content_type !== undefined) expect(answer.contentType).toBe(step.expect.content_type)
      if (step.expect.body_sha256 !== undefined) {
        expect(toHex(nativeCrypto.sha256(answer.body))).toBe(step.expect.body_sha256)
      }
    })
  })

  describe('blinded headers', () => {
    let service: TestService
    beforeAll(async () => {
      service = await startTestService({ startAt: vectors.now * 1000, sources: { releases: release, networkInfo } })
    })
    afterAll(() => service.stop())

    it.each(vectors.blinded_auth.cases)('$name', async ({ method, path, query, headers, expect: expected }) => {
      const target = query === '' ? path : `${path}?${query}`
      const answer = await door(service, { method, target, headers })
      expect(answer.status).toBe(expected.status)
      if (expected.body !== undefined) expect(text(answer.body)).toBe(expected.body)
      // Through v4 clients know the type with its charset only (onion requests §5.3).
      if (expected.content_type !== undefined) expect(answer.contentType.split(';')[0]).toBe(expected.content_type)
    })
  })

  describe('ids', () => {
    let service: TestService
    beforeAll(async () => {
      service = await startTestService({ startAt: vectors.now * 1000 })
      const soon = service.now() + 1000
      // Whatever id a store holds, an endpoint must let through what is an id and nothing else.
      for (const { id } of vectors.id_checks) {
        const body = { kind: 'inline' as const, bytes: Buffer.from('x') }
        const file = { id, size: 1, uploadedAt: service.now(), expiresAt: soon, format: 1, body }
        await service.records.put(file, { ifExists: 'refuse' })
      }
    })
    afterAll(() => service.stop())

    it.each(vectors.id_checks)('$id', async ({ id, extendable, well_formed }) => {
      // A path of two dots never reaches a server as it is.
      const target = `/file/${id === '..' ? '%2e%2e' : encodeURIComponent(id)}`
      const read = await door(service, { method: 'GET', target: target, headers: {} })
      const extended = await door(service, { method: 'POST', target: `${target}/extend`, headers: {} })
      expect(read.status).toBe(well_formed ? 200 : 404)
      expect(extended.status).toBe(extendable && well_formed ? 200 : 404)
    })
  })
})

describe('files.json onion', () => {
  let service: TestService
  beforeAll(async () => {
    const [first] = vectors.onion
    const pair = { privateKey: key(first?.server_x25519_priv), publicKey: key(first?.server_x25519_pub) }
    const { ed25519 } = serviceKeys(nativeCrypto, new Uint8Array(32), [])
    service = await startTestService({ startAt: vectors.now * 1000, keys: { ed25519, x25519: [pair] } })
  })
  afterAll(() => service.stop())

  it.each(vectors.onion)('$name', async (onion) => {
    const layerKey = { type: onion.enc_type, key: key(onion.shared_key) }
    const reply = await fetch(service.url + onion.http_path, {
      method: 'POST',
      body: Buffer.from(onion.request_body_b64, 'base64'),
    })
    expect(reply.status).toBe(200)
    const received = new Uint8Array(await reply.arrayBuffer())
    const expected = Buffer.from(onion.reply_http_body_b64, 'base64')
    const open = (body: Uint8Array): Uint8Array =>
      decryptLayer(nativeCrypto, layerKey, onion.version === 3 ? Buffer.from(text(body), 'base64') : body)
    // The published answer opens to the published plaintext, ours to the same content.
    expect(text(open(expected))).toBe(Buffer.from(onion.reply_plaintext_b64, 'base64').toString('utf8'))
    expect(partsOf(open(received), onion.version)).toMatchObject(partsOf(open(expected), onion.version))
  })
})

function key(hex: string | undefined): Uint8Array {
  const bytes = fromHex(hex ?? '', 32)
  if (bytes === undefined) throw new Error('a key in the vectors is not 64 hex digits')
  return bytes
}

/** A v4 or v3 answer as values: JSON is compared by content, since writers differ in spaces and order. */
function partsOf(plaintext: Uint8Array, version: 3 | 4): Record<string, unknown> {
  if (version === 3) return JSON.parse(text(plaintext)) as Record<string, unknown>
  const latin = Buffer.from(plaintext).toString('latin1')
  const colon = latin.indexOf(':')
  const metadataEnd = colon + 1 + Number(latin.slice(1, colon))
  const bodyStart = latin.indexOf(':', metadataEnd) + 1
  const body = latin.slice(bodyStart, -1)
  expect(body).toHaveLength(Number(latin.slice(metadataEnd, bodyStart - 1)))
  const metadata = JSON.parse(latin.slice(colon + 1, metadataEnd)) as { headers: Record<string, string> }
  const isJson = metadata.headers['content-type'] === 'application/json'
  return { metadata, body: isJson ? (JSON.parse(body) as unknown) : body }
}
