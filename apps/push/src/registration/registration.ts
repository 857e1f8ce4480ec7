import type { Crypto } from '#crypto'
import {
  checkSubscribe,
  checkUnsubscribe,
  type KeyCheck,
  type PushAnswer,
  PushErrorCode,
  PushRequestError,
  type PushRequestContext,
  subscribedAnswer,
  type TokenRule,
  unsubscribedAnswer,
  type VerifySignature,
} from '#protocol'
import type { Subscriptions } from '#stores'
import type { PushEvents } from '../events.ts'
import type { PushSecrets } from '../secrets/push-secrets.ts'
import type { DeviceSealer } from '../secrets/sealed-device.ts'

export interface RegistrationOptions {
  readonly crypto: Crypto
  readonly secrets: PushSecrets
  readonly sealer: DeviceSealer
  readonly subscriptions: Pick<Subscriptions, 'put' | 'remove'>
  /** The services that have a provider, with the rule for their tokens. */
  readonly services: ReadonlyMap<string, TokenRule>
  readonly isKeyOfUser: KeyCheck
  /** Verifies a signature; on the event loop unless given. */
  readonly verify?: VerifySignature
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
  readonly events: Pick<PushEvents, 'subscription'>
}

/** Answers to a valid subscription that the store has not taken. */
const REFUSALS = {
  superseded: 'Subscription: signature timestamp is older than the last unsubscription',
  full: 'Subscription: too many devices for this account',
} as const

/** Lets devices in and out. What a client did wrong is a `PushRequestError`, whose text is the answer. */
export class Registration {
  constructor(private readonly options: RegistrationOptions) {}

  /** Judges one subscription and makes it durable (push §2 to §4). Rejects with `PushRequestError` or a `StoreError`. */
  async subscribe(request: unknown): Promise<PushAnswer> {
    const { secrets, sealer, subscriptions, now, events } = this.options
    const checked = await this.#judge(() => checkSubscribe(request, this.#context()))
    const { account, service, token, serviceData, encryptionKey, namespaces, wantsData, signedAt } = checked
    const at = now()
    const outcome = await subscriptions.put(
      {
        account: secrets.accountDigest(account.bytes),
        device: secrets.deviceDigest(service, token),
        service,
        namespaces,
        wantsData,
        signedAt,
        registeredAt: at,
        sealed: sealer.seal({ token, serviceData, encryptionKey }),
      },
      at,
    )
    events.subscription(outcome)
    if (outcome === 'superseded' || outcome === 'full') {
      throw new PushRequestError(PushErrorCode.Error, REFUSALS[outcome])
    }
    return subscribedAnswer(outcome === 'added')
  }

  /** Judges one unsubscription and makes it durable; a subscription that was signed later stays (push §3). Rejects with `PushRequestError` or a `StoreError`. */
  async unsubscribe(request: unknown): Promise<PushAnswer> {
    const { secrets, subscriptions, now, events } = this.options
    const checked = await this.#judge(() => checkUnsubscribe(request, this.#context()))
    const { account, service, token, signedAt } = checked
    const device = secrets.deviceDigest(service, token)
    const wasThere = await subscriptions.remove(secrets.accountDigest(account.bytes), device, { signedAt, now: now() })
    events.subscription(wasThere ? 'removed' : 'absent')
    return unsubscribedAnswer(wasThere)
  }

  async #judge<Checked>(check: () => Promise<Checked>): Promise<Checked> {
    try {
      return await check()
    } catch (error) {
      if (error instanceof PushRequestError) this.options.events.subscription('refused')
      throw error
    }
  }

  #context(): PushRequestContext {
    const { crypto, services, isKeyOfUser, verify, now } = this.options
    return { crypto, services, isKeyOfUser, ...(verify && { verify }), now: Math.floor(now() / 1_000) }
  }
}
