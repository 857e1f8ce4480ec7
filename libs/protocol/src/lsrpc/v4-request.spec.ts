import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { utf8 } from '#crypto'
import { encodeV4List, MAX_V4_METADATA_LENGTH } from './v4-list.ts'
import { encodeV4Request, InvalidV4RequestError, parseV4Head, parseV4Request, V4RequestReader } from './index.ts'

const METADATA = '{"method":"GET","endpoint":"/x"}'
const name = fc.string({ minLength: 1 }).map((text) => text.toLowerCase())
const metadata = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT'),
  endpoint: fc.string({ unit: 'grapheme' }).map((text) => `/${text}`),
  headers: fc.dictionary(name, fc.string({ unit: 'grapheme' })),
})
const body = fc.option(fc.uint8Array({ maxLength: 200 }), { nil: undefined })

describe('parseV4Request', () => {
  it('reads back whatever was encoded', () => {
    fc.assert(
      fc.property(metadata, body, (request, content) => {
        const parsed = parseV4Request(encodeV4Request(request, content))
        expect({ ...parsed, headers: { ...parsed.headers } }).toEqual({ ...request, body: content })
      }),
    )
  })

  it('gives header names in lower case and takes missing headers as none', () => {
    const named = '{"method":"GET","endpoint":"/x","headers":{"X-FS-TTL":"30"}}'
    expect(parseV4Request(encodeV4List(named)).headers).toEqual({ 'x-fs-ttl': '30' })
    expect(parseV4Request(encodeV4List(METADATA)).headers).toEqual({})
  })

  it('keeps a header that is named like a member of every object', () => {
    const named = '{"method":"GET","endpoint":"/x","headers":{"__proto__":"1","constructor":"2"}}'
    expect(Object.entries(parseV4Request(encodeV4List(named)).headers)).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ])
  })

  it.each(['x', 'e', '0'])('ignores the single superfluous byte %j when there is no body', (byte) => {
    expect(parseV4Request(utf8(`l${METADATA.length}:${METADATA}${byte}e`)).body).toBeUndefined()
  })

  it.each([
    ['two superfluous bytes', `l${METADATA.length}:${METADATA}xye`],
    ['a byte behind the body', `l${METADATA.length}:${METADATA}1:axe`],
    ['a byte behind the end', `l${METADATA.length}:${METADATA}e `],
    ['a leading zero', `l0${METADATA.length}:${METADATA}e`],
    ['a length without digits', `l:${METADATA}e`],
    ['a length of nine digits', `l000000032:${METADATA}e`],
    ['an array as metadata', 'l2:[]e'],
    ['a header that is no text', 'l48:{"method":"G","endpoint":"/x","headers":{"a":1}}e'],
    ['headers that are a list', 'l44:{"method":"G","endpoint":"/x","headers":[1]}e'],
    ['an empty method', 'l30:{"method":"","endpoint":"/xy"}e'],
  ])('refuses %s', (_, text) => {
    expect(() => parseV4Request(utf8(text))).toThrow(InvalidV4RequestError)
  })

  it('takes the longest metadata allowed and none longer', () => {
    for (const length of [MAX_V4_METADATA_LENGTH - 1, MAX_V4_METADATA_LENGTH]) {
      expect(parseV4Request(encodeV4List(METADATA.padEnd(length))).endpoint).toBe('/x')
    }
    expect(() => parseV4Request(encodeV4List(METADATA.padEnd(MAX_V4_METADATA_LENGTH + 1)))).toThrow(
      InvalidV4RequestError,
    )
  })

  it('throws nothing but its error on damaged input', () => {
    fc.assert(
      fc.property(metadata, body, fc.nat(), fc.nat(255), fc.nat(3), (request, content, at, byte, cut) => {
        const bytes = encodeV4Request(request, content)
        bytes[at % bytes.length] = byte
        try {
          expect(parseV4Request(bytes.subarray(0, bytes.length - cut)).endpoint).toMatch(/^\//)
        } catch (error) {
          if (!(error instanceof InvalidV4RequestError)) throw error
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('parseV4Head', () => {
  it('asks for more bytes until the body begins, and no longer', () => {
    const whole = encodeV4Request({ method: 'POST', endpoint: '/file', headers: {} }, new Uint8Array(500))
    const bodyOffset = whole.length - 501
    for (let length = 0; length < bodyOffset; length++) {
      expect(parseV4Head(whole.subarray(0, length), whole.length)).toBeUndefined()
    }
    const head = { method: 'POST', endpoint: '/file', headers: {}, bodyOffset, bodyLength: 500 }
    expect(parseV4Head(whole.subarray(0, bodyOffset), whole.length)).toEqual(head)
  })

  it('refuses metadata that is too long before it has come', () => {
    expect(() => parseV4Head(utf8(`l${MAX_V4_METADATA_LENGTH + 1}:`), 10_000_000)).toThrow(InvalidV4RequestError)
  })
})

describe('V4RequestReader', () => {
  it('gives the same request and body as reading at once, whatever the pieces', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 })
    fc.assert(
      fc.property(metadata, body, cuts, (request, content, lengths) => {
        const bytes = encodeV4Request(request, content)
        const reader = new V4RequestReader(bytes.length)
        const parts = pieces(bytes, lengths).flatMap((piece) => [...reader.push(piece)])
        reader.finish()
        expect(Uint8Array.from(parts)).toEqual(content ?? new Uint8Array(0))
        expect(reader.head).toMatchObject({ endpoint: request.endpoint, bodyLength: content?.length })
      }),
    )
  })

  it.each([
    ['is truncated', encodeV4List(METADATA, utf8('body')).subarray(0, -1), 1],
    ['does not end with e', encodeV4List(METADATA, utf8('body')).fill(0x20, -1), 0],
    ['is only its first byte', utf8('l'), 10],
    ['never came', new Uint8Array(0), 10],
  ])('refuses at the end a request that %s', (_, bytes, missing) => {
    const reader = new V4RequestReader(bytes.length + missing)
    reader.push(bytes)
    expect(() => reader.finish()).toThrow(InvalidV4RequestError)
  })

  it('refuses more bytes than announced', () => {
    const bytes = encodeV4List(METADATA, utf8('body'))
    const reader = new V4RequestReader(bytes.length)
    reader.push(bytes)
    expect(() => reader.push(utf8('e'))).toThrow(InvalidV4RequestError)
  })
})

function pieces(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const cut: Uint8Array[] = []
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const length = lengths[i % lengths.length] ?? 1
    cut.push(bytes.subarray(at, at + length))
    at += length
  }
  return cut
}
