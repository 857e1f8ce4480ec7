import { toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { buildSubscribeRequest, encodePushRequests, parsePushAnswer, userSigner } from '#protocol'
import { DEVICE_TOKEN_LENGTH } from './push-accounts.ts'

/** Bodies of so many subscriptions, each of a new account for a new device of the service `firebase`, signed now. */
export function subscribeBodies(count: number): Uint8Array[] {
  const signedAt = Math.floor(Date.now() / 1_000)
  return Array.from({ length: count }, () => {
    const signer = userSigner(nativeCrypto, nativeCrypto.randomBytes(32))
    const request = buildSubscribeRequest(signer, {
      service: 'firebase',
      serviceInfo: { token: toHex(nativeCrypto.randomBytes(DEVICE_TOKEN_LENGTH)).slice(0, DEVICE_TOKEN_LENGTH) },
      encryptionKey: nativeCrypto.randomBytes(32),
      namespaces: [0],
      wantsData: true,
      signedAt,
    })
    return encodePushRequests(request)
  })
}

/** Throws unless the answer says that a new subscription was added. */
export function checkAdded(answer: Uint8Array): void {
  const [result] = [parsePushAnswer(answer)].flat()
  if (result?.kind !== 'added') throw new Error(`a subscription was not added but ${JSON.stringify(result)}`)
}
