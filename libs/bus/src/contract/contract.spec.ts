import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { z } from 'zod'
import { BadContractError, BadMessageError } from '../errors.ts'
import { bytes, json, nothing } from './codec.ts'
import { jsonWithBody } from './composite-codec.ts'
import { assertPartition, defineEvent, defineRequest } from './definition.ts'
import { describeAttachments, describePush } from './services.ts'
import { assertSubject } from './subject.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('assertSubject', () => {
  it('takes words of lower-case letters and hyphens', () => {
    for (const subject of ['message.stored', 'sotto.attachments.describe', 'a.b.c.d.e.f', 'dead-letter.x']) {
      expect(assertSubject(subject)).toBe(subject)
    }
  })

  it('takes words of up to 32 letters', () => {
    expect(() => assertSubject(`a.${'x'.repeat(32)}`)).not.toThrow()
    expect(() => assertSubject(`a.${'x'.repeat(33)}`)).toThrow(BadContractError)
  })

  it('refuses one word, more than six, wildcards, capitals, digits and empty words', () => {
    for (const subject of [
      '',
      'one',
      'a.b.c.d.e.f.g',
      'a.*',
      'a.>',
      'a.B',
      'a.b1',
      'a..b',
      '.a',
      'a.',
      'a.-b',
      'a. b',
    ]) {
      expect(() => assertSubject(subject)).toThrow(BadContractError)
    }
  })

  it('refuses every subject that holds an account id', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 33 }), (id) => {
        expect(() => assertSubject(`message.${Buffer.from(id).toString('hex')}`)).toThrow(BadContractError)
      }),
    )
  })
})

describe('codecs', () => {
  const schema = z.object({ name: z.string() })

  it('pass bytes on without a copy', () => {
    const value = utf8('same')
    expect(bytes.decode(bytes.encode(value))).toBe(value)
  })

  it('give back what was put in', () => {
    const composite = jsonWithBody(schema)
    fc.assert(
      fc.property(fc.string(), fc.uint8Array(), (name, body) => {
        const decoded = composite.decode(composite.encode({ head: { name }, body }))
        expect(decoded.head).toEqual({ name })
        expect(Buffer.from(decoded.body)).toEqual(Buffer.from(body))
      }),
    )
  })

  it('decode a composite whose bytes start within a larger buffer', () => {
    const composite = jsonWithBody(schema)
    const encoded = composite.encode({ head: { name: 'x' }, body: utf8('body') })
    const larger = new Uint8Array(encoded.length + 7)
    larger.set(encoded, 7)
    expect(Buffer.from(composite.decode(larger.subarray(7)).body).toString()).toBe('body')
  })

  it('refuse arbitrary bytes with BadMessageError and nothing else', () => {
    for (const codec of [json(schema), jsonWithBody(schema)]) {
      fc.assert(
        fc.property(fc.uint8Array(), (value) => {
          expect(() => codec.decode(value)).toThrow(BadMessageError)
        }),
      )
    }
  })

  it('refuse a composite that is cut anywhere in its head', () => {
    const composite = jsonWithBody(schema)
    const encoded = composite.encode({ head: { name: 'x' }, body: new Uint8Array(0) })
    for (let length = 0; length < encoded.length; length += 1) {
      expect(() => composite.decode(encoded.subarray(0, length))).toThrow(BadMessageError)
    }
  })

  it('refuse bytes where nothing is due', () => {
    expect(nothing.decode(nothing.encode(undefined))).toBeUndefined()
    expect(() => nothing.decode(utf8(' '))).toThrow(BadMessageError)
  })

  it('never quote what they refuse', () => {
    for (const text of ['05secret', '{"name":42,"05secret":1}']) {
      try {
        json(z.strictObject({ name: z.string().max(3) })).decode(utf8(text))
        expect('decoded').toBe('refused')
      } catch (error) {
        expect(String(error)).not.toContain('05secret')
      }
    }
  })
})

describe('definitions', () => {
  const codec = bytes

  it('check their subject', () => {
    expect(() => defineRequest({ subject: 'User 05ab', request: codec, reply: codec })).toThrow(BadContractError)
    expect(() => defineEvent({ subject: 'user.05ab', codec })).toThrow(BadContractError)
  })

  it('have 0 to 1,024 partitions, and only when durable', () => {
    const partitioned = (partitions: number): unknown => defineEvent({ subject: 'a.b', codec, partitions })
    for (const partitions of [0, 1, 1_023, 1_024]) expect(partitioned(partitions)).toMatchObject({ partitions })
    for (const partitions of [-1, 1.5, 1_025]) expect(() => partitioned(partitions)).toThrow(BadContractError)
    const loose = { subject: 'a.b', codec, delivery: 'at-most-once', partitions: 1 } as const
    expect(() => defineEvent(loose)).toThrow(BadContractError)
  })

  it('reach every replica only when they are no work queue', () => {
    const loose = { subject: 'a.b', codec, delivery: 'at-most-once', audience: 'every-replica' } as const
    expect(defineEvent(loose).audience).toBe('every-replica')
    expect(() => defineEvent({ ...loose, delivery: 'durable' })).toThrow(BadContractError)
  })

  it('know their partitions', () => {
    const event = defineEvent({ subject: 'a.b', codec, partitions: 4 })
    expect(() => assertPartition(event, 0)).not.toThrow()
    expect(() => assertPartition(event, 3)).not.toThrow()
    for (const partition of [undefined, -1, 4, 1.5]) {
      expect(() => assertPartition(event, partition)).toThrow(BadContractError)
    }
  })
})

describe('describeService', () => {
  const description = {
    service: 'attachments',
    url: 'http://attachments:8080',
    pubkeyEd25519: 'ab'.repeat(32),
    pubkeyX25519: 'cd'.repeat(32),
  }

  it('has one subject for each service', () => {
    expect(describeAttachments.subject).toBe('sotto.attachments.describe')
    expect(describePush.subject).toBe('sotto.push.describe')
  })

  it('carries a description', () => {
    expect(describePush.reply.decode(describePush.reply.encode(description))).toEqual(description)
  })

  it('refuses keys that are not 32 bytes in lower-case hex, and addresses that are none', () => {
    for (const change of [
      { pubkeyX25519: 'cd'.repeat(31) },
      { pubkeyEd25519: 'AB'.repeat(32) },
      { url: 'attachments' },
    ]) {
      const encoded = utf8(JSON.stringify({ ...description, ...change }))
      expect(() => describeAttachments.reply.decode(encoded)).toThrow(BadMessageError)
    }
  })
})
