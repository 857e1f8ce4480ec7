import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { fromUtf8, utf8 } from '#crypto'
import { decodeBase64Bytes, decryptLayer, type LayerKey } from '../onion/index.ts'
import { implementations } from '../onion/vectors.suite.ts'
import { encodeV3Reply, InvalidV3RequestError, parseV3Request, sealV3Reply, type V3Request } from './index.ts'

const parse = (request: unknown, prefix?: string): V3Request => parseV3Request(utf8(JSON.stringify(request)), prefix)
const get = { method: 'GET', endpoint: '/files/1' }
const post = { method: 'POST', endpoint: '/files' }

describe('parseV3Request', () => {
  it('forces the content type and lower-cases header names', () => {
    const headers = { 'Content-Type': 'text/plain', 'X-Room': 'main' }
    expect(parse({ ...get, headers })).toEqual({
      ...get,
      headers: { 'content-type': 'application/json', 'x-room': 'main' },
      body: undefined,
    })
  })

  it('completes an endpoint without leading slash', () => {
    expect(parse({ ...get, endpoint: 'files/1' }).endpoint).toBe('/files/1')
    expect(parse({ ...get, endpoint: 'files/1' }, '/legacy/').endpoint).toBe('/legacy/files/1')
    expect(parse({ ...get, endpoint: '/files/1' }, '/legacy/').endpoint).toBe('/files/1')
  })

  it('turns auth_code into the authorization header', () => {
    const headers = { Authorization: 'other' }
    expect(parse({ ...get, headers, auth_code: 'token' }).headers['authorization']).toBe('token')
    expect(parse({ ...get, auth_code: null }).headers['authorization']).toBeUndefined()
  })

  it.each([{ body: 'null' }, { body: null }, { body: '' }, {}])('takes %j of a GET as no body', (body) => {
    expect(parse({ ...get, ...body }).body).toBeUndefined()
  })

  it.each(['{"file":"AAAA"}', { file: 'AAAA' }])('gives the body %j of a POST as bytes', (body) => {
    expect(parse({ ...post, body }).body).toEqual(utf8('{"file":"AAAA"}'))
  })

  it('gives the method in upper case', () => {
    expect(parse({ ...post, method: 'post' }).method).toBe('POST')
  })

  it.each([
    [[]],
    [{}],
    [{ method: 'GET' }],
    [{ ...get, method: '' }],
    [{ ...get, method: 3 }],
    [{ ...get, endpoint: 3 }],
    [{ ...get, body: 'x' }],
    [{ ...get, method: 'get', body: {} }],
    [{ ...get, headers: [] }],
    [{ ...get, headers: { a: 1 } }],
    [{ ...get, auth_code: 1 }],
  ])('refuses %j', (request) => {
    expect(() => parse(request)).toThrow(InvalidV3RequestError)
  })

  it('throws nothing but its error', () => {
    const member = fc.constantFrom('method', 'endpoint', 'body', 'headers', 'auth_code')
    const content = fc.oneof(fc.constantFrom('GET', '/x', 'null'), fc.jsonValue())
    const requests = fc.dictionary(member, content).map((request) => utf8(JSON.stringify(request)))
    fc.assert(
      fc.property(fc.oneof(requests, fc.uint8Array()), (bytes) => {
        try {
          expect(parseV3Request(bytes).endpoint).toMatch(/^\//)
        } catch (error) {
          if (!(error instanceof InvalidV3RequestError)) throw error
        }
      }),
    )
  })
})

describe('encodeV3Reply', () => {
  it('gives the body of a success as it is, and nothing but the status of anything else', () => {
    expect(fromUtf8(encodeV3Reply({ status: 201, body: utf8('{"id":1}') }))).toBe('{"id":1}')
    expect(fromUtf8(encodeV3Reply({ status: 404, body: utf8('gone') }))).toBe('{"status_code":404}')
    expect(fromUtf8(encodeV3Reply({ status: 302, body: utf8('') }))).toBe('{"status_code":302}')
  })
})

describe.each(implementations)('sealV3Reply with %s crypto', (_, crypto) => {
  it('gives base64 text of a layer around the reply', () => {
    const layerKey: LayerKey = { type: 'xchacha20', key: new Uint8Array(32).fill(9) }
    const wire = sealV3Reply(crypto, layerKey, { status: 200, body: utf8('{"id":1}') })
    const layer = decodeBase64Bytes(wire)
    expect(layer && fromUtf8(decryptLayer(crypto, layerKey, layer))).toBe('{"id":1}')
  })
})
