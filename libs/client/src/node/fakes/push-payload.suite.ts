import { nativeCrypto } from '#crypto/native/index'
import { type AccountId, encodePushPayload, messageHash, pushPayloadText } from '#protocol'

export interface FakePush {
  readonly account: AccountId
  readonly key: Uint8Array
  readonly body: Uint8Array
  /** Default 0. */
  readonly namespace?: number
  /** Default that of the body. */
  readonly hash?: string
  readonly wantsData?: boolean
}

/** `enc_payload` as a relay makes it of a stored message. */
export function pushPayload({ account, key, body, namespace = 0, hash, wantsData = true }: FakePush): string {
  return pushPayloadText(
    encodePushPayload(nativeCrypto, {
      account: account.hex,
      hash: hash ?? messageHash(nativeCrypto, account, namespace, body),
      namespace,
      timestamp: 1_750_000_000_000,
      expiry: 1_751_209_600_000,
      body,
      wantsData,
      encryptionKey: key,
      nonce: nativeCrypto.randomBytes(24),
    }),
  )
}
