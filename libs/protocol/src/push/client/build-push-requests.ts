import { toHex, utf8 } from '#crypto'
import { type Authentication } from '../../mailbox/authentication/authentication.ts'
import { toBase64 } from '../../mailbox/base64.ts'
import { type RequestSigner } from '../../mailbox/client/request-signer.ts'
import { monitorSignedBytes } from '../../mailbox/monitor/check-monitor-request.ts'
import { type JsonMembers } from '../../onion/json-members.ts'
import { unsubscribeSignedBytes } from '../signed-bytes.ts'
import { type WebPushSubscription } from './web-push-subscription.ts'

/** A device as its push service knows it. */
export interface PushDevice {
  /** `apns`, `apns-sandbox`, `firebase`, `huawei`, `webpush`, `log`, or another that the server has. */
  readonly service: string
  readonly serviceInfo: { readonly token: string } | WebPushSubscription
}

/** What a device asks for. */
export interface PushSubscriptionOptions extends PushDevice {
  /** The device's key for payloads, 32 bytes: made once per installation and used for all accounts (push §8). */
  readonly encryptionKey: Uint8Array
  /** At least one; order and duplicates do not matter. */
  readonly namespaces: readonly number[]
  /** Whether the body of a message is to be part of the payload. */
  readonly wantsData: boolean
  /** The time to sign, in seconds since the Unix epoch: the subscription lives for 14 days from it. */
  readonly signedAt: number
}

/** A signed subscription as a JSON object (push §2.1). */
export function buildSubscribeRequest(signer: RequestSigner, options: PushSubscriptionOptions): JsonMembers {
  const { account } = signer
  const { encryptionKey, signedAt, wantsData } = options
  const namespaces = [...new Set(options.namespaces)].sort((a, b) => a - b)
  const signedBytes = monitorSignedBytes(account, { timestamp: signedAt, withData: wantsData, namespaces })
  return {
    ...encodeDevice(signer, options, signer.authenticate(signedBytes)),
    enc_key: toHex(encryptionKey),
    namespaces,
    data: wantsData,
  }
}

/** A signed unsubscription as a JSON object; `signedAt` in seconds (push §2.1). */
export function buildUnsubscribeRequest(
  signer: RequestSigner,
  options: PushDevice & { readonly signedAt: number },
): JsonMembers {
  const signedBytes = unsubscribeSignedBytes(signer.account, options.signedAt)
  return encodeDevice(signer, options, signer.authenticate(signedBytes))
}

/** The HTTP body with one request, answered with one result, or with an array of at most 100, answered with an array (push §2, §8). */
export function encodePushRequests(requests: JsonMembers | readonly JsonMembers[]): Uint8Array {
  return utf8(JSON.stringify(requests))
}

function encodeDevice(
  { account }: RequestSigner,
  { service, serviceInfo, signedAt }: PushDevice & { readonly signedAt: number },
  { pubkeyEd25519, signature, subaccount }: Authentication,
): JsonMembers {
  return {
    pubkey: account.hex,
    ...(pubkeyEd25519 && { session_ed25519: toHex(pubkeyEd25519) }),
    ...(subaccount && { subaccount: toHex(subaccount.token), subaccount_sig: toBase64(subaccount.signature) }),
    signature: toBase64(signature),
    sig_ts: signedAt,
    service,
    service_info: serviceInfo,
  }
}
