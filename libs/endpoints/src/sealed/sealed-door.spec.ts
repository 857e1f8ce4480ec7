import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import fastify, { type FastifyInstance } from 'fastify'
import { concat, type KeyPair, toHex, utf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import {
  decryptLayer,
  deriveClientLayerKey,
  encodeFrame,
  encodeV4List,
  encodeV4Request,
  encryptLayer,
  type EncryptionType,
  type LayerKey,
  MAX_ONION_BODY_LENGTH,
  parseV4Reply,
  type V4Reply,
} from '#protocol'
import { collectBody } from '../collect-body.ts'
import type { Endpoint } from '../endpoint.ts'
import { mountDoors } from '../endpoints.module.ts'
import { bytesReply, jsonReply, textReply } from '../replies.ts'
import { CountedMemory, RecordingObserver, timerDeadline } from '../testing.suite.ts'

const keys = Array.from({ length: 3 }, () => nativeCrypto.x25519.generateKeyPair())
const memory = new CountedMemory()
const observer = new RecordingObserver()
const completed: Uint8Array[] = []

const upload: Endpoint = {
  method: 'POST',
  route: '/upload',
  async handle({ body, door }) {
    const bytes = await collectBody(body, MAX_ONION_BODY_LENGTH)
    completed.push(bytes)
    return jsonReply(200, { length: bytes.length, announced: body.length, door })
  },
}
const download: Endpoint = {
  method: 'GET',
  route: '/download/:size',
  async handle({ params, headers }) {
    const size = Number(params['size'])
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < size; at += 100_000) yield new Uint8Array(Math.min(100_000, size - at)).fill(9)
    }
    return bytesReply(200, 'application/octet-stream', { length: size, chunks: chunks() }, { echo: headers['a'] ?? '' })
  },
}
const ignore: Endpoint = { method: 'POST', route: '/ignore', handle: async () => textReply(418, 'no') }
const broken: Endpoint = { method: 'POST', route: '/broken', handle: () => Promise.reject(new Error('x')) }

let server: FastifyInstance
let url: string
beforeAll(async () => {
  server = fastify()
  mountDoors(server, {
    endpoints: [upload, download, ignore, broken],
    crypto: nativeCrypto,
    keys,
    memory,
    deadline: timerDeadline(5000),
    observer,
  })
  url = await server.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => server.close())
beforeEach(() => {
  completed.length = 0
  observer.oldKeys = 0
})

interface Sealed {
  readonly frame: Uint8Array
  readonly layerKey: LayerKey
}

function seal(plaintext: Uint8Array, type: EncryptionType, pair: KeyPair | undefined = keys[0]): Sealed {
  if (pair === undefined) throw new Error('no key')
  const ephemeral = nativeCrypto.x25519.generateKeyPair()
  const layerKey = deriveClientLayerKey(nativeCrypto, type, ephemeral, pair.publicKey)
  const control = JSON.stringify({ ephemeral_key: toHex(ephemeral.publicKey), enc_type: type })
  return { frame: encodeFrame(encryptLayer(nativeCrypto, layerKey, plaintext), control), layerKey }
}

function post(frame: Uint8Array, path = '/oxen/v4/lsrpc'): Promise<Response> {
  return fetch(url + path, { method: 'POST', body: Buffer.from(frame) })
}

async function send({ frame, layerKey }: Sealed): Promise<V4Reply> {
  const reply = await post(frame)
  expect(reply.status).toBe(200)
  return parseV4Reply(decryptLayer(nativeCrypto, layerKey, new Uint8Array(await reply.arrayBuffer())))
}

function request(method: string, endpoint: string, body?: Uint8Array): Uint8Array {
  return encodeV4Request({ method, endpoint, headers: { A: 'b' } }, body)
}

function json(reply: V4Reply): unknown {
  return JSON.parse(Buffer.from(reply.body).toString())
}

const types: readonly EncryptionType[] = ['aes-gcm', 'xchacha20']
const sizes = [0, 1, 65_000, 66_000, 262_144, 1_000_000]

describe('v4 door', () => {
  it.each(types.flatMap((type) => sizes.map((size) => [type, size] as const)))(
    'hands a body sealed with %s of %i bytes on, whole',
    async (type, size) => {
      const body = nativeCrypto.randomBytes(size)
      const reply = await send(seal(request('POST', '/upload', body), type))
      expect(json(reply)).toEqual({ length: size, announced: size, door: 'v4' })
      expect(reply.headers['content-type']).toBe('application/json')
      expect(Buffer.compare(completed[0] ?? new Uint8Array(1), body)).toBe(0)
    },
  )

  it.each(types.flatMap((type) => [0, 1, 300_000].map((size) => [type, size] as const)))(
    'streams an answer sealed with %s of %i bytes with its exact length',
    async (type, size) => {
      const { frame, layerKey } = seal(request('GET', `/download/${size}`), type)
      const reply = await post(frame)
      const bytes = new Uint8Array(await reply.arrayBuffer())
      expect(reply.headers.get('content-length')).toBe(bytes.length.toString())
      const { code, headers, body } = parseV4Reply(decryptLayer(nativeCrypto, layerKey, bytes))
      expect({ code, headers }).toEqual({
        code: 200,
        headers: { 'content-type': 'application/octet-stream', echo: 'b' },
      })
      expect(Buffer.compare(body, new Uint8Array(size).fill(9))).toBe(0)
    },
  )

  it.each([0, 1, 2].flatMap((index) => [100, 300_000].map((size) => [index, size] as const)))(
    'opens what is sealed to key %i, %i bytes',
    async (index, size) => {
      const reply = await send(seal(request('POST', '/upload', new Uint8Array(size)), 'aes-gcm', keys[index]))
      expect(json(reply)).toMatchObject({ length: size })
      expect(observer.oldKeys).toBe(index === 0 ? 0 : 1)
    },
  )

  it.each(types.flatMap((type) => [100, 300_000].map((size) => [type, size] as const)))(
    'lets no upload happen whose %s tag is wrong, %i bytes, and answers plainly',
    async (type, size) => {
      const plaintext = request('POST', '/upload', new Uint8Array(size))
      const { frame } = seal(plaintext, type)
      const lastOfTag = 3 + new DataView(frame.buffer, frame.byteOffset).getUint32(0, true)
      frame[lastOfTag] = (frame[lastOfTag] ?? 0) ^ 1
      const reply = await post(frame)
      expect(reply.status).toBe(400)
      expect(await reply.json()).toEqual({ status_code: 400 })
      expect(completed).toHaveLength(0)
    },
  )

  it('answers plainly when the tag is wrong even if the endpoint did not read the body', async () => {
    const { frame } = seal(request('POST', '/ignore', new Uint8Array(300_000)), 'aes-gcm')
    frame[200_000] = (frame[200_000] ?? 0) ^ 1
    expect((await post(frame)).status).toBe(400)
  })

  it('answers what an endpoint says that did not read the body', async () => {
    const reply = await send(seal(request('POST', '/ignore', new Uint8Array(300_000)), 'aes-gcm'))
    expect(reply.code).toBe(418)
    expect(reply.headers['content-type']).toBe('text/plain; charset=utf-8')
  })

  it.each([
    ['nothing', new Uint8Array(0)],
    ['no list', utf8('hello')],
    ['no end', encodeV4List('{"method":"GET","endpoint":"/x"}').subarray(0, -1)],
    ['no JSON', encodeV4List('nonsense')],
    ['no method', encodeV4List('{"endpoint":"/x"}')],
    ['something behind the body', concat(request('POST', '/upload', utf8('x')), utf8('e'))],
    ['a long one, no list', new Uint8Array(300_000)],
    ['a long one, wrong end', concat(request('POST', '/upload', new Uint8Array(300_000)).subarray(0, -1), utf8('x'))],
    ['a long one, wrong length', concat(request('POST', '/upload', new Uint8Array(300_000)), utf8('xe'))],
  ])('answers an invalid list sealed, with 400: %s', async (_name, plaintext) => {
    const reply = await send(seal(plaintext, 'aes-gcm'))
    expect(reply.code).toBe(400)
    expect(reply.headers).toEqual({ 'content-type': 'text/plain; charset=utf-8' })
    expect(Buffer.from(reply.body).toString()).toBe('Invalid v4 onion request')
    expect(completed).toHaveLength(0)
  })

  it('answers an unknown endpoint or method with an inner 404', async () => {
    for (const [method, path] of [
      ['GET', '/nothing'],
      ['constructor', '/upload'],
      ['GET', '/%'],
    ] as const) {
      expect((await send(seal(request(method, path), 'aes-gcm'))).code).toBe(404)
    }
  })

  it('answers an unforeseen error with an inner 500', async () => {
    const reply = await send(seal(request('POST', '/broken'), 'aes-gcm'))
    expect([reply.code, json(reply)]).toEqual([500, { status_code: 500 }])
  })

  it('gives the head alone to HEAD', async () => {
    const reply = await send(seal(request('HEAD', '/download/5'), 'aes-gcm'))
    expect([reply.code, reply.body.length]).toEqual([200, 0])
  })

  it.each([
    ['nothing', new Uint8Array(0)],
    ['three bytes', new Uint8Array(3)],
    ['a length beyond the end', Uint8Array.of(255, 255, 255, 255, 1)],
    ['no control', encodeFrame(new Uint8Array(100), '')],
    ['a layer that is too short', encodeFrame(new Uint8Array(5), `{"ephemeral_key":"${'01'.repeat(32)}"}`)],
    ['a key of low order', encodeFrame(new Uint8Array(100), `{"ephemeral_key":"${'00'.repeat(32)}"}`)],
    ['an unknown type', encodeFrame(new Uint8Array(99), `{"ephemeral_key":"${'01'.repeat(32)}","enc_type":"x"}`)],
    ['a type without a tag', seal(request('GET', '/download/1'), 'aes-cbc').frame],
    ['another key', seal(request('GET', '/download/1'), 'aes-gcm', nativeCrypto.x25519.generateKeyPair()).frame],
    [
      'another key, long',
      seal(request('POST', '/upload', new Uint8Array(300_000)), 'aes-gcm', nativeCrypto.x25519.generateKeyPair()).frame,
    ],
  ])('answers what it cannot open with a plain 400: %s', async (_name, frame) => {
    for (const path of ['/oxen/v4/lsrpc', '/oxen/v3/lsrpc', '/loki/v3/lsrpc']) {
      const reply = await post(frame, path)
      expect([reply.status, await reply.json()]).toEqual([400, { status_code: 400 }])
    }
  })

  it.each([
    [MAX_ONION_BODY_LENGTH, 400],
    [MAX_ONION_BODY_LENGTH + 1, 413],
  ])('answers a frame of %i bytes of nothing with %i', async (length, status) => {
    expect((await post(new Uint8Array(length))).status).toBe(status)
  })

  it('never fails on frames that are random or changed in one place', async () => {
    const failures = observer.failures.filter((error) => !(error instanceof Error && 'status' in error)).length
    const whole = seal(request('POST', '/upload', new Uint8Array(300)), 'xchacha20').frame
    const changed = fc
      .tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }))
      .map(([at, mask]) => whole.map((byte, index) => (index === at ? byte ^ mask : byte)))
    const path = fc.constantFrom('/oxen/v4/lsrpc', '/oxen/v3/lsrpc')
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 400 }), changed), path, async (frame, to) => {
        const reply = await post(frame, to)
        await reply.arrayBuffer()
        // Hex digits of the key may change their case without meaning anything else.
        expect([200, 400]).toContain(reply.status)
      }),
      { numRuns: 300 },
    )
    expect(observer.failures.filter((error) => !(error instanceof Error && 'status' in error))).toHaveLength(failures)
  })

  it('never fails on sealed plaintext that is random or changed in one place', async () => {
    const whole = request('POST', '/upload', new Uint8Array(30))
    const changed = fc
      .tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }))
      .map(([at, mask]) => whole.map((byte, index) => (index === at ? byte ^ mask : byte)))
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 100 }), changed), async (plaintext) => {
        const { code } = await send(seal(plaintext, 'aes-gcm'))
        expect([200, 400, 404]).toContain(code)
      }),
      { numRuns: 200 },
    )
  })

  it('gives back all memory it has taken', () => {
    expect(memory.peak).toBeGreaterThan(1_000_000)
    expect(memory.inUse).toBe(0)
  })
})

describe('v3 door', () => {
  async function sendV3(plaintext: Uint8Array, path: string): Promise<string> {
    const { frame, layerKey } = seal(plaintext, 'aes-gcm')
    const reply = await post(frame, path)
    expect(reply.status).toBe(200)
    const sealed = Buffer.from(await reply.text(), 'base64')
    return Buffer.from(decryptLayer(nativeCrypto, layerKey, sealed)).toString()
  }

  it.each(['/oxen/v3/lsrpc', '/loki/v3/lsrpc'])('answers with the inner body in base64 at %s', async (path) => {
    const text = JSON.stringify({ method: 'POST', endpoint: 'upload', body: 'abc' })
    expect(JSON.parse(await sendV3(utf8(text), path))).toEqual({ length: 3, announced: 3, door: 'v3' })
  })

  it('collects a streamed answer', async () => {
    const text = JSON.stringify({ method: 'GET', endpoint: '/download/250000', body: 'null' })
    expect(await sendV3(utf8(text), '/oxen/v3/lsrpc')).toBe('\t'.repeat(250_000))
  })

  it.each([
    ['malformed', 'nonsense', 400],
    ['a GET with a body', '{"method":"GET","endpoint":"/download/1","body":"x"}', 400],
    ['unknown', '{"method":"GET","endpoint":"/nothing"}', 404],
    ['broken', '{"method":"POST","endpoint":"broken"}', 500],
  ])('answers with the status alone: %s', async (_name, text, status) => {
    expect(JSON.parse(await sendV3(utf8(text), '/oxen/v3/lsrpc'))).toEqual({ status_code: status })
  })
})
