import { describe, expect, it } from '@jest/globals'
import { toHex, utf8 } from '#crypto'
import {
  encodeV4Reply,
  INVALID_V4_REQUEST_TEXT,
  InvalidV4RequestError,
  parseV4Reply,
  parseV4Request,
} from '../lsrpc/index.ts'
import { fromBase64, toBase64 } from '../mailbox/index.ts'
import { hex, implementations } from '../mailbox/vectors.suite.ts'
import {
  decryptLayer,
  deriveClientLayerKey,
  deriveServerLayerKey,
  encryptLayer,
  layerOverhead,
  type LayerKey,
  parseFrame,
} from '../onion/index.ts'
import { answerPushRequests, checkSubscribe, subscribedAnswer, tokenRules } from './index.ts'
import { vectors } from './vectors.suite.ts'

const bytes = (text: string): Uint8Array => fromBase64(text) ?? new Uint8Array(0)

it('has all vectors before it', () => {
  expect(vectors.onion).toHaveLength(3)
})

describe.each(implementations)('sealed push requests with %s crypto', (_name, crypto) => {
  it.each(vectors.onion)('are opened and answered as specified: $name', async (vector) => {
    const server = { privateKey: hex(vector.server_x25519_priv), publicKey: hex(vector.server_x25519_pub) }
    const ephemeralKey = crypto.x25519.publicKey(hex(vector.ephemeral_priv))
    const { blob, control } = parseFrame(bytes(vector.request_body_b64))
    const { ephemeral_key, enc_type } = JSON.parse(new TextDecoder().decode(control)) as Record<string, string>
    expect(ephemeral_key).toBe(toHex(ephemeralKey))
    // AES-GCM is what is meant when nothing is said.
    expect(enc_type ?? 'aes-gcm').toBe(vector.enc_type)

    const layerKey: LayerKey = deriveServerLayerKey(crypto, vector.enc_type, server, ephemeralKey)
    expect(toHex(layerKey.key)).toBe(vector.shared_key)
    const ephemeral = { privateKey: hex(vector.ephemeral_priv), publicKey: ephemeralKey }
    expect(deriveClientLayerKey(crypto, vector.enc_type, ephemeral, server.publicKey)).toEqual(layerKey)
    const plaintext = decryptLayer(crypto, layerKey, blob)
    expect(toBase64(plaintext)).toBe(vector.request_plaintext_b64)

    const nonce = blob.subarray(0, layerOverhead(vector.enc_type).nonceLength)
    expect(toBase64(encryptLayer(crypto, layerKey, plaintext, nonce))).toBe(toBase64(blob))

    // The JSON around the answer may be spaced in any way.
    const expected = bytes(vector.reply_plaintext_b64)
    expect(parseV4Reply(await answer(plaintext))).toEqual(parseV4Reply(expected))
    const sealed = encryptLayer(crypto, layerKey, expected, hex(vector.reply_nonce))
    expect(toBase64(sealed)).toBe(vector.reply_http_body_b64)
    expect(toBase64(decryptLayer(crypto, layerKey, sealed))).toBe(toBase64(expected))
  })

  async function answer(plaintext: Uint8Array): Promise<Uint8Array> {
    try {
      const { endpoint, body = new Uint8Array(0) } = parseV4Request(plaintext)
      expect(endpoint).toBe('/subscribe')
      const context = { crypto, now: vectors.now, services: new Map(Object.entries(tokenRules)) }
      const answers = await answerPushRequests(body, async (request) => {
        await checkSubscribe(request, context)
        return subscribedAnswer(true)
      })
      return encodeV4Reply(
        { code: 200, headers: { 'Content-Type': 'application/json' } },
        utf8(JSON.stringify(answers)),
      )
    } catch (error) {
      if (!(error instanceof InvalidV4RequestError)) throw error
      const headers = { 'content-type': 'text/plain; charset=utf-8' }
      return encodeV4Reply({ code: 400, headers }, utf8(INVALID_V4_REQUEST_TEXT))
    }
  }
})
