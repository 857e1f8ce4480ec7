import { concat, utf8 } from '#crypto'
import { shortFromBase64Url } from '../../files/base64.ts'
import { isJsonObject, type JsonMembers } from '../../onion/json-members.ts'
import { MAX_DEVICE_TOKEN_LENGTH } from '../limits.ts'
import { badToken, type TokenRule } from './device-token.ts'

/** Bytes of the receiver's public key: an uncompressed point of P-256 (RFC 8291 §3.1). */
export const WEB_PUSH_KEY_LENGTH = 65
/** Bytes of the receiver's authentication secret (RFC 8291 §3.2). */
export const WEB_PUSH_AUTH_LENGTH = 16

const UNCOMPRESSED_POINT = 0x04

export interface WebPushTokenOptions {
  /** Whether an endpoint may be `http://`, as on the own machine; otherwise it must be `https://`. */
  readonly allowsHttp?: boolean
}

/**
 * The rule for Web Push and UnifiedPush: `service_info` is a browser's PushSubscription. The token is the endpoint's URL in its normal
 * form without fragment, the service data `p256dh` (65 bytes) ‖ `auth` (16 bytes). Where the URL leads is judged when something is sent there.
 */
export function webPushTokenRule({ allowsHttp = false }: WebPushTokenOptions = {}): TokenRule {
  return (serviceInfo) => {
    const keys = isJsonObject(serviceInfo) ? serviceInfo['keys'] : undefined
    if (!isJsonObject(serviceInfo) || !isJsonObject(keys)) {
      throw badToken('Invalid Web Push subscription: expected endpoint and keys')
    }
    const token = readEndpoint(serviceInfo, allowsHttp)
    const p256dh = readKey(keys, 'p256dh', WEB_PUSH_KEY_LENGTH)
    if (p256dh[0] !== UNCOMPRESSED_POINT) throw badToken('Invalid Web Push p256dh: expected an uncompressed point')
    return { token, serviceData: concat(p256dh, readKey(keys, 'auth', WEB_PUSH_AUTH_LENGTH)) }
  }
}

function readEndpoint({ endpoint }: JsonMembers, allowsHttp: boolean): string {
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint)) {
    throw badToken('Invalid Web Push endpoint: expected a URL')
  }
  const url = new URL(endpoint)
  if (url.protocol !== 'https:' && !(allowsHttp && url.protocol === 'http:')) {
    throw badToken('Invalid Web Push endpoint: expected an https URL')
  }
  if (url.username !== '' || url.password !== '') {
    throw badToken('Invalid Web Push endpoint: credentials are not allowed')
  }
  url.hash = ''
  if (utf8(url.href).length > MAX_DEVICE_TOKEN_LENGTH) {
    throw badToken(`Invalid Web Push endpoint: longer than ${MAX_DEVICE_TOKEN_LENGTH} bytes`)
  }
  return url.href
}

function readKey(keys: JsonMembers, name: 'p256dh' | 'auth', length: number): Uint8Array {
  const text = keys[name]
  const isShort = typeof text === 'string' && text.length <= 4 * Math.ceil(length / 3)
  const bytes = isShort ? shortFromBase64Url(text) : undefined
  if (bytes?.length !== length) throw badToken(`Invalid Web Push ${name}: expected ${length} bytes in URL-safe base64`)
  return bytes
}
