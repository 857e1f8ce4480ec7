import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { BadMessageError } from '../errors.ts'
import { mailboxChanged, messageStored, storageRpc } from './core.ts'

const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length })
const account = bytes(33)
const namespace = fc.integer({ min: -32_768, max: 32_767 })
const time = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const hash = fc.string({ unit: fc.constantFrom(...'abcXYZ019+/'), minLength: 43, maxLength: 43 })

describe('what the core is asked and tells', () => {
  it('comes back from its bytes', () => {
    const request = fc.record({ node: bytes(32), text: fc.uint8Array() })
    const reply = fc.record({ status: fc.integer({ min: 100, max: 599 }), isJson: fc.boolean(), body: fc.uint8Array() })
    const stored = fc.record(
      { account, namespace, hash, timestamp: time, expiry: time, size: fc.nat(), data: fc.uint8Array() },
      { requiredKeys: ['account', 'namespace', 'hash', 'timestamp', 'expiry', 'size'] },
    )
    fc.assert(
      fc.property(request, reply, stored, fc.record({ account, namespace }), (asked, answer, message, changed) => {
        expect(storageRpc.request.decode(storageRpc.request.encode(asked))).toEqual(asked)
        expect(storageRpc.reply.decode(storageRpc.reply.encode(answer))).toEqual(answer)
        expect(messageStored.codec.decode(messageStored.codec.encode(message))).toEqual(message)
        expect(mailboxChanged.codec.decode(mailboxChanged.codec.encode(changed))).toEqual(changed)
      }),
    )
  })

  it('is refused with BadMessageError and nothing else when it is cut or random', () => {
    const codecs = [storageRpc.request, storageRpc.reply, messageStored.codec, mailboxChanged.codec]
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 98 }), (message) => {
        for (const codec of codecs) {
          try {
            codec.decode(message)
          } catch (error) {
            expect(error).toBeInstanceOf(BadMessageError)
          }
        }
      }),
    )
    expect(() => messageStored.codec.decode(new Uint8Array(98))).toThrow(BadMessageError)
    expect(() => mailboxChanged.codec.decode(new Uint8Array(36))).toThrow(BadMessageError)
    expect(() => storageRpc.request.decode(new Uint8Array(31))).toThrow(BadMessageError)
    expect(() => storageRpc.reply.decode(new Uint8Array(2))).toThrow(BadMessageError)
  })
})
