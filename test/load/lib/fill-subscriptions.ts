import { nativeCrypto } from '#crypto/native/index'
import type { Subscription, Subscriptions } from '#stores'
import type { PushSecrets } from '../../../apps/push/src/secrets/push-secrets.ts'
import type { Device, DeviceSealer } from '../../../apps/push/src/secrets/sealed-device.ts'
import { accountOf } from './push-accounts.ts'

export interface Filling {
  readonly subscriptions: Pick<Subscriptions, 'put'>
  readonly secrets: PushSecrets
  readonly sealer: DeviceSealer
  readonly service: string
  /** How many accounts get one device each, from number 0. */
  readonly count: number
  /** Token and service data of the device of an account. */
  readonly deviceOf: (number: number) => Pick<Device, 'token' | 'serviceData'>
  /** Stops with fewer when that many seconds are over. */
  readonly seconds?: number
}

/** Subscriptions that share a commit. */
const GROUP = 2_000

/** Subscribes one device for each account, as if a request for it had been judged; how many there are now. */
export async function fillSubscriptions(filling: Filling): Promise<number> {
  const { subscriptions, count, seconds = Infinity } = filling
  const end = performance.now() + seconds * 1_000
  const now = Date.now()
  let filled = 0
  while (filled < count && performance.now() < end) {
    const numbers = Array.from({ length: Math.min(GROUP, count - filled) }, (_, index) => filled + index)
    const outcomes = await Promise.all(
      numbers.map((number) => subscriptions.put(subscription(filling, number, now), now)),
    )
    if (outcomes.some((outcome) => outcome !== 'added')) throw new Error('a subscription was there before')
    filled += numbers.length
  }
  return filled
}

function subscription({ secrets, sealer, service, deviceOf }: Filling, number: number, now: number): Subscription {
  const device = deviceOf(number)
  return {
    account: secrets.accountDigest(accountOf(number)),
    device: secrets.deviceDigest(service, device.token),
    service,
    namespaces: [0],
    wantsData: true,
    signedAt: Math.floor(now / 1_000),
    registeredAt: now,
    sealed: sealer.seal({ ...device, encryptionKey: nativeCrypto.randomBytes(32) }),
  }
}
