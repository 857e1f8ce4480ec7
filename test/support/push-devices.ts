import { toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { buildSubscribeRequest, encodePushRequests, parsePushAnswer, type RequestSigner } from '#protocol'

/** An installation of an app, subscribed for one account. */
export interface TestDevice {
  readonly owner: RequestSigner
  /** Of FCM. */
  readonly token: string
  /** 32 bytes. */
  readonly encryptionKey: Uint8Array
}

/** Requests in one body. */
const BATCH = 100

/** So many new devices for each of the owners. */
export function makeDevices(owners: readonly RequestSigner[], count: number): TestDevice[] {
  return owners.flatMap((owner) =>
    Array.from({ length: count }, () => ({
      owner,
      token: `fcm-${toHex(nativeCrypto.randomBytes(32))}`,
      encryptionKey: nativeCrypto.randomBytes(32),
    })),
  )
}

/** Subscribes devices with the default namespace and with bodies, straight at a relay. Rejects unless each is new to it. */
export async function subscribeDevices(relay: string, devices: readonly TestDevice[]): Promise<void> {
  const signedAt = Math.floor(Date.now() / 1_000)
  for (let first = 0; first < devices.length; first += BATCH) {
    const requests = devices.slice(first, first + BATCH).map(({ owner, token, encryptionKey }) =>
      buildSubscribeRequest(owner, {
        service: 'firebase',
        serviceInfo: { token },
        encryptionKey,
        namespaces: [0],
        wantsData: true,
        signedAt,
      }),
    )
    const reply = await fetch(`${relay}/subscribe`, { method: 'POST', body: encodePushRequests(requests).slice() })
    const answers = [parsePushAnswer(new Uint8Array(await reply.arrayBuffer()))].flat()
    const added = answers.filter((answer) => 'kind' in answer && answer.kind === 'added')
    if (added.length !== requests.length) throw new Error(`subscribing failed: ${JSON.stringify(answers)}`)
  }
}
