import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Crypto, fromUtf8, utf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { type BencodeInput, encodeBencode } from '../../bencode/index.ts'
import { fromBase64, toBase64 } from '../../mailbox/base64.ts'
import { hex, implementations } from '../../mailbox/vectors.suite.ts'
import {
  decryptPushPayload,
  encodePushPayload,
  encodePushPlaintext,
  encryptPushPlaintext,
  isPushBodyIncluded,
  isUrgent,
  MAX_PUSH_BODY,
  MAX_PUSH_PAYLOAD_TEXT,
  MAX_PUSH_PLAINTEXT,
  type PushMessage,
  type PushPayload,
  PushPayloadError,
  pushPayloadText,
} from '../index.ts'
import { patternBody, type PayloadVector, vectors } from '../vectors.suite.ts'

function messageOf(crypto: Crypto, vector: PayloadVector): PushMessage {
  const { account, hash, namespace, timestamp_ms: timestamp, expiry_ms: expiry } = vector
  const body = patternBody(crypto, vector)
  return { account, hash, namespace, timestamp, expiry, ...(body && { body }) }
}

/** What a receiver finds, whatever the form: old servers take an empty body for none. */
function contentOf(crypto: Crypto, vector: PayloadVector, form: keyof PayloadVector['forms']): object {
  const { body_len: length, namespace, timestamp_ms: timestamp, expiry_ms: expiry } = vector
  const hasLength = length !== null && !(length === 0 && form !== 'json_compact_sorted')
  const tooBig = hasLength && length > MAX_PUSH_BODY
  return {
    account: expect.objectContaining({ hex: vector.account }),
    hash: vector.hash,
    namespace,
    timestamp,
    expiry,
    tooBig,
    ...(hasLength && { length }),
    ...(hasLength && !tooBig && { body: patternBody(crypto, vector) }),
  }
}

it('has all vectors before it', () => {
  expect(vectors.payloads.map(({ forms }) => Object.keys(forms).length)).toEqual([2, 2, 2, 3, 3, 3, 3, 2])
  expect(vectors.payloads.every(({ forms }) => forms.json_compact_sorted !== undefined)).toBe(true)
  expect(vectors.client_decode).toHaveLength(6)
  expect(vectors.fcm_priority).toHaveLength(14)
})

describe.each(implementations)('payloads with %s crypto', (_name, crypto) => {
  it.each(vectors.payloads)('are made byte for byte: $name', (vector) => {
    const form = vector.forms.json_compact_sorted
    const message = messageOf(crypto, vector)
    const wantsData = vector.body_len !== null
    const plaintext = encodePushPlaintext(message, { wantsData })
    const key = { encryptionKey: hex(vector.enc_key), nonce: hex(vector.nonce) }
    expect(toBase64(plaintext)).toBe(form?.padded_b64)
    expect(plaintext).toHaveLength(form?.padded_len ?? 0)
    expect(toBase64(plaintext.subarray(0, form?.plaintext_len))).toBe(form?.plaintext_b64)
    expect(
      fromUtf8(plaintext.subarray(0, form?.plaintext_len).subarray(5, 5 + (form?.metadata_text ?? '').length)),
    ).toBe(form?.metadata_text)
    expect(pushPayloadText(encryptPushPlaintext(crypto, plaintext, key))).toBe(form?.enc_payload)
    expect(pushPayloadText(encodePushPayload(crypto, { ...message, ...key, wantsData }))).toBe(form?.enc_payload)
  })

  it.each(vectors.payloads.flatMap((vector) => Object.entries(vector.forms).map(([form]) => ({ ...vector, form }))))(
    'are read in each form: $name, $form',
    ({ form, ...vector }) => {
      const name = form as keyof PayloadVector['forms']
      const text = vector.forms[name]?.enc_payload ?? ''
      const found = contentOf(crypto, vector, name)
      expect(decryptPushPayload(crypto, hex(vector.enc_key), text)).toEqual(found)
      expect(decryptPushPayload(crypto, hex(vector.enc_key), text.replace(/=+$/, ''))).toEqual(found)
    },
  )

  it.each(vectors.client_decode)('are read or refused: $name', ({ enc_key, enc_payload, ok }) => {
    const read = (): PushPayload => decryptPushPayload(crypto, hex(enc_key), enc_payload)
    if (ok === false) expect(read).toThrow(PushPayloadError)
    else expect(read()).toMatchObject({ hash: vectors.payloads[0]?.hash, tooBig: false, length: 100 })
  })
})

const crypto = nativeCrypto
const encryptionKey = hex(vectors.enc_key)
const nonce = new Uint8Array(24).fill(5)
const account = vectors.keys.user.session_id
const message: PushMessage = { account, hash: 'h'.repeat(43), namespace: 0, timestamp: 1, expiry: 2 }
const seal = (plaintext: Uint8Array): string =>
  pushPayloadText(encryptPushPlaintext(crypto, plaintext, { encryptionKey, nonce }))
const open = (text: string): PushPayload => decryptPushPayload(crypto, encryptionKey, text)
const openList = (...items: readonly BencodeInput[]): PushPayload => open(seal(encodeBencode(items)))

describe('encodePushPlaintext', () => {
  it('can make all payloads of one size', () => {
    const largest = { ...message, namespace: -32_768, hash: 'h'.repeat(99), body: new Uint8Array(MAX_PUSH_BODY) }
    for (const padded of [message, { ...message, body: new Uint8Array(0) }, { ...message, size: 70_000 }, largest]) {
      for (const wantsData of [true, false]) {
        const plaintext = encodePushPlaintext(padded, { wantsData, padTo: MAX_PUSH_PLAINTEXT })
        expect(plaintext).toHaveLength(MAX_PUSH_PLAINTEXT)
        expect(seal(plaintext)).toHaveLength(MAX_PUSH_PAYLOAD_TEXT)
        expect(open(seal(plaintext))).toMatchObject({ hash: padded.hash })
      }
    }
    expect(encodePushPlaintext(largest, { wantsData: true })).toHaveLength(MAX_PUSH_PLAINTEXT)
  })

  it('says of a body that it was not given that it is too big, and nothing where none is wanted', () => {
    expect(open(seal(encodePushPlaintext({ ...message, size: 40 }, { wantsData: true })))).toMatchObject({
      tooBig: true,
      length: 40,
    })
    const unwanted = open(seal(encodePushPlaintext({ ...message, size: 40, body: utf8('x') }, { wantsData: false })))
    expect(unwanted.tooBig).toBe(false)
    expect(unwanted).not.toHaveProperty('length')
    expect(unwanted).not.toHaveProperty('body')
    expect(open(seal(encodePushPlaintext(message, { wantsData: true })))).not.toHaveProperty('length')
  })

  it('gives back what was put in, whatever it is', () => {
    const any = fc.record(
      {
        account: fc.constantFrom(account, vectors.keys.group_admin.group_id),
        hash: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
        namespace: fc.integer({ min: -32_768, max: 32_767 }),
        timestamp: fc.maxSafeNat(),
        expiry: fc.maxSafeNat(),
        body: fc.uint8Array({ maxLength: 3_000, size: 'max' }),
      },
      { requiredKeys: ['account', 'hash', 'namespace', 'timestamp', 'expiry'] },
    )
    fc.assert(
      fc.property(any, fc.boolean(), ({ body, ...rest }, wantsData) => {
        const given = { ...rest, ...(body && { body }) }
        const plaintext = encodePushPlaintext(given, { wantsData })
        expect(plaintext.length % 256).toBe(0)
        const { account: found, tooBig, length, body: content, ...others } = open(seal(plaintext))
        expect({ account: found.hex, ...others }).toEqual(rest)
        const isIncluded = isPushBodyIncluded(given, wantsData)
        expect(content).toEqual(isIncluded ? body : undefined)
        expect(length).toBe(wantsData ? body?.length : undefined)
        expect(tooBig).toBe(wantsData && body !== undefined && !isIncluded)
      }),
    )
  })
})

describe('decryptPushPayload', () => {
  const metadata = { '@': account, '#': 'h', n: 0, t: 1, z: 2 }
  const openJson = (members: object, ...body: Uint8Array[]): PushPayload =>
    openList(utf8(JSON.stringify(members)), ...body)

  it('does without namespace and expiry', () => {
    const { '@': id, '#': hash, t } = metadata
    expect(openJson({ '@': id, '#': hash, t })).toEqual({
      account: expect.objectContaining({ hex: account }) as object,
      hash: 'h',
      timestamp: 1,
      tooBig: false,
    })
  })

  it('takes B as boolean or number, and unknown members for nothing', () => {
    for (const B of [true, 1]) expect(openJson({ ...metadata, B, l: 9_000, x: [] }).tooBig).toBe(true)
    for (const B of [false, 0]) expect(openJson({ ...metadata, B, l: 1 }, utf8('b')).body).toEqual(utf8('b'))
  })

  it.each([
    ['no list', encodeBencode('x')],
    ['a dict', encodeBencode(metadata)],
    ['an empty list', encodeBencode([])],
    ['an integer', encodeBencode([1])],
    ['a list within', encodeBencode([[]])],
    ['JSON that is no object', encodeBencode([utf8('[]')])],
    ['no JSON', encodeBencode([utf8('{')])],
    ['three elements', encodeBencode([metadata, 'b', 'c'])],
    ['a body that is a number', encodeBencode([{ ...metadata, l: 1 }, 1])],
    ['bytes behind the list', encodeBencode([metadata]).length > 0 ? utf8(`ld1:#1:he0:e`) : utf8('')],
    ['nothing but padding', new Uint8Array(256)],
    ['nothing', new Uint8Array(0)],
  ])('refuses a plaintext that is or has %s', (_name, plaintext) => {
    expect(() => open(seal(plaintext))).toThrow(PushPayloadError)
  })

  it.each([
    [{ '@': undefined }],
    [{ '@': account.slice(2) }],
    [{ '@': 5 }],
    [{ '#': undefined }],
    [{ '#': '' }],
    [{ '#': 5 }],
    [{ t: undefined }],
    [{ t: '1' }],
    [{ t: 1.5 }],
    [{ n: 40_000 }],
    [{ n: null }],
    [{ z: true }],
    [{ l: -1, B: true }],
    [{ l: 5 }],
    [{ B: true }],
    [{ l: 5, B: 2 }],
    [{ l: 5, B: 'yes' }],
  ])('refuses metadata with %j', (change) => {
    expect(() => openJson({ ...metadata, ...change })).toThrow(PushPayloadError)
  })

  it('refuses a body that is not of the length that is said', () => {
    expect(() => openJson({ ...metadata, l: 2 }, utf8('b'))).toThrow(PushPayloadError)
    expect(() => openJson(metadata, utf8('b'))).toThrow(PushPayloadError)
    expect(() => openJson({ ...metadata, l: 1, B: true }, utf8('b'))).toThrow(PushPayloadError)
  })

  it('refuses every forgery with the one error', () => {
    const bytes = fromBase64(seal(encodePushPlaintext({ ...message, body: utf8('body') }, { wantsData: true })))
    fc.assert(
      fc.property(fc.nat({ max: (bytes?.length ?? 0) - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const forged = Uint8Array.from(bytes ?? [])
        forged[at] = (forged[at] ?? 0) ^ flip
        expect(() => open(toBase64(forged))).toThrow(PushPayloadError)
        expect(() => open(toBase64(forged.subarray(0, at)))).toThrow(PushPayloadError)
      }),
    )
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String()), (text) =>
        expect(() => open(text)).toThrow(PushPayloadError),
      ),
    )
  })

  it('throws nothing but its error for whatever was sealed', () => {
    const member = fc.constantFrom('@', '#', 'n', 't', 'z', 'l', 'B')
    const members = fc.dictionary(member, fc.oneof(fc.jsonValue(), fc.constantFrom(account, 1, true)))
    const item = fc.oneof(
      fc.uint8Array(),
      members.map((value) => utf8(JSON.stringify({ ...metadata, ...(value as object) }))),
      fc.dictionary(member, fc.oneof(fc.uint8Array(), fc.integer(), fc.constant(account))).map((value) => ({
        ...metadata,
        ...value,
      })),
    )
    const plaintext = fc.oneof(fc.uint8Array(), fc.array(item, { maxLength: 3 }).map(encodeBencode))
    fc.assert(
      fc.property(plaintext, (bytes) => {
        try {
          expect(typeof open(seal(bytes)).timestamp).toBe('number')
        } catch (error) {
          if (!(error instanceof PushPayloadError)) throw error
        }
      }),
    )
  })
})

describe('isUrgent', () => {
  it.each(vectors.fcm_priority)('gives $priority for namespace $namespace, body: $body_included', (vector) => {
    expect(isUrgent(vector.namespace, vector.body_included)).toBe(vector.priority === 'high')
  })
})
