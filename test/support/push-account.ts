import { nativeCrypto } from '#crypto/native/index'
import { decryptPushPayload, messageHash } from '#protocol'
import type { Acknowledged } from './store-load.ts'
import type { TestDevice } from './push-devices.ts'
import type { TakenByFcm } from './push-fcm-process.ts'

/** What has become of the notifications of a load; all counts but the first two are of what must not be, or be few. */
export interface PushAccount {
  /** Devices that acknowledged messages were for, message by message. */
  readonly owed: number
  /** Pairs of device and message that the provider has got. */
  readonly received: number
  /** Owed, and not received. */
  readonly lost: number
  /** Received, though nobody has stored the message or for another account. */
  readonly unknown: number
  /** Received again, however often. */
  readonly repeated: number
}

/** Compares what the provider has got with what was stored. `stored`: hashes of all messages that are there. Throws when a device cannot read its payload. */
export function accountForPushes(
  taken: readonly TakenByFcm[],
  {
    devices,
    acknowledged,
    stored,
  }: {
    readonly devices: readonly TestDevice[]
    readonly acknowledged: readonly Acknowledged[]
    readonly stored: ReadonlySet<string>
  },
): PushAccount {
  const byToken = new Map(devices.map((device) => [device.token, device]))
  const got = new Set<string>()
  let unknown = 0
  let repeated = 0
  for (const { token, payload } of taken) {
    const device = byToken.get(token)
    if (device === undefined) continue
    const { account, namespace = 0, hash, body } = decryptPushPayload(nativeCrypto, device.encryptionKey, payload)
    const isWhole = body !== undefined && messageHash(nativeCrypto, account, namespace, body) === hash
    if (!isWhole || account.hex !== device.owner.account.hex || !stored.has(hash)) unknown++
    const name = `${token} ${hash}`
    if (got.has(name)) repeated++
    got.add(name)
  }
  const devicesOf = Map.groupBy(devices, ({ owner }) => owner.account.hex)
  const owed = acknowledged.flatMap(({ account, hash }) =>
    (devicesOf.get(account) ?? []).map(({ token }) => `${token} ${hash}`),
  )
  const lost = owed.filter((name) => !got.has(name)).length
  return { owed: owed.length, received: got.size, lost, unknown, repeated }
}
