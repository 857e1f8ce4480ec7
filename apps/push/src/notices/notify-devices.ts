import type { MessageStored } from '#bus'
import { type Crypto, toHex } from '#crypto'
import {
  duplicateKey,
  encodePushPlaintext,
  encryptPushPlaintext,
  isPushBodyIncluded,
  isUrgent,
  MAX_PUSH_PLAINTEXT,
  type PushMessage,
} from '#protocol'
import type { MatchingSubscription, NewNotification, Notifications, Subscriptions } from '#stores'
import type { PushEvents } from '../events.ts'
import type { PushSecrets } from '../secrets/push-secrets.ts'
import type { DeviceSealer } from '../secrets/sealed-device.ts'
import { encodeContent } from './notification-content.ts'

export interface NotifyDevicesOptions {
  readonly crypto: Crypto
  readonly secrets: PushSecrets
  readonly sealer: DeviceSealer
  readonly subscriptions: Pick<Subscriptions, 'matching'>
  readonly notifications: Pick<Notifications, 'accept'>
  /** The services that have a provider. */
  readonly services: ReadonlySet<string>
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
  /** How long a notification is worth delivering, in milliseconds. */
  readonly timeToLiveMs: number
  /** Whether all payloads are equally long. */
  readonly isPaddedToOneSize: boolean
  /** There is something to deliver for these services. */
  readonly wake: (service: string) => void
  readonly events: Pick<PushEvents, 'matched' | 'trouble'>
}

const NONCE_LENGTH = 24

/** Makes of a stored message a notification for each device that wants it, encrypted for that device (push §5.1, §6). */
export class NotifyDevices {
  constructor(private readonly options: NotifyDevicesOptions) {}

  /**
   * Resolves when every notification is durably queued or was before: only then may the event be acknowledged. Rejects with a
   * `StoreError`; handling the event again is safe, since those that were queued already are recognised.
   */
  async handle(stored: MessageStored): Promise<void> {
    const { secrets, subscriptions, services, now, events } = this.options
    const account = secrets.accountDigest(stored.account)
    const matching = await subscriptions.matching(account, stored.namespace, now())
    const served = matching.filter(({ service }) => services.has(service))
    if (served.length === 0) return events.matched(0, 0)
    const accepted = await this.#queue(this.#encode(stored, served))
    events.matched(served.length, accepted)
  }

  async #queue(fresh: readonly NewNotification[]): Promise<number> {
    const { notifications, now, wake } = this.options
    const accepted = await notifications.accept(fresh, now())
    if (accepted > 0) for (const service of new Set(fresh.map(({ service }) => service))) wake(service)
    return accepted
  }

  #encode(stored: MessageStored, matching: readonly MatchingSubscription[]): NewNotification[] {
    const message: PushMessage = {
      account: toHex(stored.account),
      hash: stored.hash,
      namespace: stored.namespace,
      timestamp: stored.timestamp,
      expiry: stored.expiry,
      size: stored.size,
      ...(stored.data !== undefined && { body: stored.data }),
    }
    const plaintexts = new Map<boolean, Uint8Array>()
    const plaintextFor = (wantsData: boolean): Uint8Array => {
      const known = plaintexts.get(wantsData)
      if (known !== undefined) return known
      const padTo = this.options.isPaddedToOneSize ? MAX_PUSH_PLAINTEXT : 0
      const made = encodePushPlaintext(message, { wantsData, padTo })
      plaintexts.set(wantsData, made)
      return made
    }
    return matching.flatMap((subscription) => this.#notification(message, subscription, plaintextFor) ?? [])
  }

  /** Undefined for a device that cannot be read: it must not keep the others from hearing of the message. */
  #notification(
    message: PushMessage,
    { service, device, wantsData, sealed }: MatchingSubscription,
    plaintextFor: (wantsData: boolean) => Uint8Array,
  ): NewNotification | undefined {
    const { crypto, secrets, sealer, now, timeToLiveMs, events } = this.options
    try {
      const { token, encryptionKey } = sealer.open(sealed)
      const nonce = crypto.randomBytes(NONCE_LENGTH)
      const payload = encryptPushPlaintext(crypto, plaintextFor(wantsData), { encryptionKey, nonce })
      const isWakingUp = isUrgent(message.namespace, isPushBodyIncluded(message, wantsData))
      return {
        service,
        device,
        duplicateKey: secrets.duplicateDigest(duplicateKey(crypto, service, token, message.hash)),
        expiresAt: Math.min(message.expiry, now() + timeToLiveMs),
        content: encodeContent({ device: sealed, isUrgent: isWakingUp, payload }),
      }
    } catch (error) {
      events.trouble('matching', error)
      return undefined
    }
  }
}
