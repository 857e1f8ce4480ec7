import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { concat, fromUtf8, utf8 } from '#crypto'
import { encodeV4List } from './v4-list.ts'
import { encodeV4Reply, InvalidV4ReplyError, parseV4Reply, V4_REPLY_TAIL, v4ReplyHead } from './index.ts'

const headers = { 'Content-Type': 'application/json', 'Content-Length': '2', ETag: '"1"' }

describe('a v4 reply', () => {
  it('is written with lower-case headers, without content-length, and always with a body', () => {
    expect(fromUtf8(encodeV4Reply({ code: 404, headers }, new Uint8Array(0)))).toBe(
      'l73:{"code":404,"headers":{"content-type":"application/json","etag":"\\"1\\""}}0:e',
    )
  })

  it('is the same when written in parts', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (body) => {
        const parts = concat(v4ReplyHead({ code: 200, headers }, body.length), body, V4_REPLY_TAIL)
        expect(parts).toEqual(encodeV4Reply({ code: 200, headers }, body))
        const { 'content-type': type } = parseV4Reply(parts).headers
        expect({ body: parseV4Reply(parts).body, type }).toEqual({ body, type: 'application/json' })
      }),
    )
  })

  it('is read without a second string and with numbers as headers', () => {
    const reply = parseV4Reply(encodeV4List('{"code":200,"headers":{"Age":5}}'))
    expect(reply).toEqual({ code: 200, headers: { age: '5' }, body: new Uint8Array(0) })
  })

  it.each([
    ['no list', utf8('2:{}')],
    ['no end', utf8('l2:{}')],
    ['nothing', new Uint8Array(0)],
    ['no code', encodeV4List('{"headers":{}}')],
    ['a code that is a text', encodeV4List('{"code":"200","headers":{}}')],
    ['no headers', encodeV4List('{"code":200}')],
    ['no JSON', encodeV4List('{')],
  ])('is refused when it is or has %s', (_, bytes) => {
    expect(() => parseV4Reply(bytes)).toThrow(InvalidV4ReplyError)
  })
})
