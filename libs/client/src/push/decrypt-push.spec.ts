import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { fromHex, toHex, utf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { portableCrypto } from '#crypto/portable/index'
import { MAX_PUSH_BODY, PushPayloadError, userSigner } from '#protocol'
import { pushPayload } from '../node/fakes/push-payload.suite.ts'
import { decryptPush } from './decrypt-push.ts'

interface PayloadVector {
  readonly name: string
  readonly enc_key: string
  readonly account: string
  readonly hash: string
  readonly namespace: number
  readonly timestamp_ms: number
  readonly expiry_ms: number
  readonly forms: Readonly<Record<string, { readonly enc_payload: string }>>
}

interface DecodeVector {
  readonly name: string
  readonly enc_key: string
  readonly enc_payload: string
  readonly ok: boolean | null
}

const vectors = JSON.parse(readFileSync('test/vectors/push.json', 'utf8')) as {
  readonly payloads: readonly PayloadVector[]
  readonly client_decode: readonly DecodeVector[]
}
const bytes = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array()
const key = new Uint8Array(32).fill(4)
const { account } = userSigner(nativeCrypto, new Uint8Array(32).fill(1))

describe.each([nativeCrypto, portableCrypto])('decryptPush with $implementation crypto', (crypto) => {
  const forms = vectors.payloads.flatMap(({ forms, ...rest }) =>
    Object.entries(forms).map(([form, { enc_payload }]) => ({ ...rest, form, enc_payload })),
  )
  it.each(forms)('opens "$name" as $form', (vector) => {
    const push = decryptPush(crypto, vector.enc_payload, bytes(vector.enc_key))
    expect({ ...push, account: push.account.hex }).toMatchObject({
      account: vector.account,
      hash: vector.hash,
      namespace: vector.namespace,
      timestamp: vector.timestamp_ms,
      expiry: vector.expiry_ms,
    })
  })

  it.each(vectors.client_decode.filter(({ ok }) => ok === false))('refuses what is "$name"', (vector) => {
    expect(() => decryptPush(crypto, vector.enc_payload, bytes(vector.enc_key))).toThrow(PushPayloadError)
  })

  it('takes a message for whole when its body gives its hash', () => {
    const body = utf8('hello')
    const push = decryptPush(crypto, pushPayload({ account, key, body }), key)
    expect(push.kind).toBe('message')
    expect(push.body && toHex(push.body)).toBe(toHex(body))
  })

  it.each([
    ['is too long', { body: new Uint8Array(MAX_PUSH_BODY + 1) }],
    ['is not wanted', { body: utf8('hello'), wantsData: false }],
    ['is that of another hash', { body: utf8('hello'), hash: 'A'.repeat(43) }],
  ])('takes it for a hint when the body %s', (_what, message) => {
    expect(decryptPush(crypto, pushPayload({ account, key, ...message }), key).kind).toBe('hint')
  })
})
