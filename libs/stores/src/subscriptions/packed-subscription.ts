import { packNamespaces } from './namespace-set.ts'
import { DIGEST_LENGTH, type Subscription } from './subscriptions.ts'

const MAX_SERVICE_BYTES = 32
const MAX_SEALED_BYTES = 4_096

/** A subscription as the adapters keep it. */
export interface PackedSubscription extends Omit<Subscription, 'namespaces'> {
  /** What `packNamespaces` has made of them. */
  readonly namespaces: Uint8Array
}

/** Throws a `RangeError` that names the member whose size is not what `Subscription` says. */
export function packSubscription(subscription: Subscription): PackedSubscription {
  const { service, registeredAt, sealed } = subscription
  assertSigned(subscription)
  const serviceBytes = Buffer.byteLength(service)
  if (serviceBytes === 0 || serviceBytes > MAX_SERVICE_BYTES) throw new RangeError('service: must be 1 to 32 bytes')
  if (!Number.isSafeInteger(registeredAt)) throw new RangeError('registeredAt: must be a whole number')
  if (sealed.length > MAX_SEALED_BYTES) throw new RangeError('sealed: must be at most 4,096 bytes')
  return { ...subscription, namespaces: packNamespaces(subscription.namespaces) }
}

/** Throws a `RangeError` that names what of a signed change has another size than `Subscription` says. */
export function assertSigned({
  account,
  device,
  signedAt,
}: Pick<Subscription, 'account' | 'device' | 'signedAt'>): void {
  if (account.length !== DIGEST_LENGTH) throw new RangeError('account: must be 16 bytes')
  if (device.length !== DIGEST_LENGTH) throw new RangeError('device: must be 16 bytes')
  if (!Number.isSafeInteger(signedAt)) throw new RangeError('signedAt: must be a whole number')
}
