import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Crypto, DecryptionError, fromUtf8, utf8 } from '#crypto'
import {
  decodeBase64Bytes,
  decodeNodeReply,
  decryptLayer,
  encodeBase64Bytes,
  encodeNodeReply,
  encodeNodeTextReply,
  encryptLayer,
  type LayerKey,
  NodeReplyError,
} from './index.ts'
import { implementations } from './vectors.suite.ts'

const KEY: LayerKey = { type: 'aes-gcm', key: new Uint8Array(32).fill(7) }

function plaintextOf(crypto: Crypto, wire: Uint8Array): string | undefined {
  return fromUtf8(decryptLayer(crypto, KEY, decodeBase64Bytes(wire) ?? wire))
}

describe.each(implementations)('a node reply with %s crypto', (_, crypto) => {
  const sealed = (plaintext: string) => encryptLayer(crypto, KEY, utf8(plaintext))

  it('is encoded twice unless JSON is asked for', () => {
    const reply = { status: 200, body: { t: 1, text: 'ü"' } }
    const twice = encodeNodeReply(crypto, KEY, reply, { json: false, base64: true })
    expect(plaintextOf(crypto, twice)).toBe('{"body":"{\\"t\\":1,\\"text\\":\\"ü\\\\\\"\\"}","status":200}')
    const once = encodeNodeReply(crypto, KEY, reply, { json: true, base64: false })
    expect(plaintextOf(crypto, once)).toBe('{"body":{"t":1,"text":"ü\\""},"status":200}')
  })

  it('has the text itself as body when the result is a text', () => {
    for (const json of [true, false]) {
      const wire = encodeNodeReply(crypto, KEY, { status: 503, body: 'Snode not ready' }, { json, base64: true })
      expect(plaintextOf(crypto, wire)).toBe('{"body":"Snode not ready","status":503}')
    }
  })

  it('is the same whether its body is a value or the JSON of one', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (body, json) => {
        fc.pre(typeof body !== 'string')
        const form = { json, base64: false, nonce: new Uint8Array(12) }
        const text = JSON.stringify(body)
        expect(encodeNodeTextReply(crypto, KEY, { status: 200, isJson: true, text }, form)).toEqual(
          encodeNodeReply(crypto, KEY, { status: 200, body }, form),
        )
      }),
      { numRuns: 50 },
    )
  })

  it('is read back in every form', () => {
    const body = fc.oneof(
      fc.jsonValue().filter((value) => typeof value !== 'string'),
      fc.constant('no JSON'),
    )
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 599 }),
        body,
        fc.boolean(),
        fc.boolean(),
        (status, value, json, base64) => {
          const reply = { status, body: JSON.parse(JSON.stringify(value)) as unknown }
          expect(decodeNodeReply(crypto, KEY, encodeNodeReply(crypto, KEY, reply, { json, base64 }))).toEqual(reply)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('is read out of the historic wrapping', () => {
    const text = fromUtf8(encodeBase64Bytes(sealed('{"body":"{}","status":200}')))
    expect(decodeNodeReply(crypto, KEY, utf8(JSON.stringify({ result: text })))).toEqual({ status: 200, body: {} })
  })

  it('prefers status_code to status', () => {
    const wire = sealed('{"body":"x","status":200,"status_code":421}')
    expect(decodeNodeReply(crypto, KEY, wire)).toEqual({ status: 421, body: 'x' })
  })

  it.each(['[]', 'x', '{"body":""}', '{"status":200}', '{"body":"","status":"200"}', '{"body":"","status":1.5}'])(
    'is refused when it says %s',
    (plaintext) => {
      expect(() => decodeNodeReply(crypto, KEY, sealed(plaintext))).toThrow(NodeReplyError)
    },
  )

  it.each(['', 'AAAA', '{"result":5}', '{"result":"!"}', 'Next node not found: 00', '{'])(
    'is refused when nothing of it is sealed: %j',
    (wire) => {
      expect(() => decodeNodeReply(crypto, KEY, utf8(wire))).toThrow(DecryptionError)
    },
  )

  it('throws nothing but its errors on damaged input', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(255), fc.boolean(), (at, byte, base64) => {
        const wire = encodeNodeReply(crypto, KEY, { status: 200, body: { a: 1 } }, { json: false, base64 })
        wire[at % wire.length] = byte
        try {
          expect(decodeNodeReply(crypto, KEY, wire)).toEqual({ status: 200, body: { a: 1 } })
        } catch (error) {
          if (!(error instanceof DecryptionError)) throw error
        }
      }),
      { numRuns: 100 },
    )
  })
})
