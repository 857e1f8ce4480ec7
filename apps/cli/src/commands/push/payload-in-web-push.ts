import { decryptWebPush, type WebPushKeys, WebPushUnreadableError } from '#client/node/web-push/index'
import { fromUtf8 } from '#crypto'

/** The `enc_payload` in the body of a Web Push notification of the relay (RFC 8291); undefined when it is none of these keys. */
export function payloadInWebPush(keys: WebPushKeys, body: Uint8Array): string | undefined {
  try {
    return payloadIn(decryptWebPush({ ...keys, body }))
  } catch (error) {
    if (error instanceof WebPushUnreadableError) return undefined
    throw error
  }
}

function payloadIn(plaintext: Uint8Array): string | undefined {
  const text = fromUtf8(plaintext)
  if (text === undefined) return undefined
  try {
    const message = JSON.parse(text) as unknown
    if (typeof message !== 'object' || message === null || !('enc_payload' in message)) return undefined
    return typeof message.enc_payload === 'string' ? message.enc_payload : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
