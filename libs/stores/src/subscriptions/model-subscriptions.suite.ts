import type { SubscriptionLimits } from './limits.ts'
import type { Subscription, SubscriptionOutcome } from './subscriptions.ts'

type Signed = Pick<Subscription, 'account' | 'device' | 'signedAt'>

/** What subscriptions are to do, in the plainest words: the model that adapters are compared with. */
export class ModelSubscriptions {
  readonly #limits: SubscriptionLimits
  #rows: Subscription[] = []
  #unsubscribed: Signed[] = []
  /** The clock of the steps, in milliseconds. */
  now = 0

  constructor(limits: SubscriptionLimits) {
    this.#limits = limits
  }

  put(subscription: Subscription): SubscriptionOutcome {
    const isOther = (one: Signed): boolean => !isSameDevice(one, subscription)
    const last = this.#unsubscribed.find((one) => !isOther(one))
    if (last !== undefined && this.#isLive(last) && subscription.signedAt < last.signedAt) return 'superseded'
    const outcome = this.#addOrRenew(subscription)
    if (outcome !== 'full') this.#unsubscribed = this.#unsubscribed.filter(isOther)
    return outcome
  }

  #addOrRenew(subscription: Subscription): SubscriptionOutcome {
    const known = this.#find(subscription.account, subscription.device)
    if (known !== undefined && this.#isLive(known)) {
      const registeredAt = Math.max(known.registeredAt, subscription.registeredAt)
      const isLater = subscription.signedAt >= known.signedAt
      this.#exchange(known, { ...(isLater ? subscription : known), registeredAt })
      return isLater ? 'updated' : 'kept'
    }
    const live = this.#rows.filter((row) => row.account === subscription.account && this.#isLive(row))
    if (live.length >= this.#limits.devicesPerAccount) return 'full'
    this.#exchange(known, subscription)
    return 'added'
  }

  remove(account: Uint8Array, device: Uint8Array, signedAt: number): boolean {
    const known = this.#rows.find((row) => isSameDevice(row, { account, device }) && this.#isLive(row))
    if (known !== undefined && known.signedAt > signedAt) return false
    if (known !== undefined) this.#exchange(known)
    this.#remember({ account, device, signedAt })
    return known !== undefined
  }

  matching(account: Uint8Array, namespace: number): Subscription[] {
    return this.#rows.filter(
      (row) => row.account === account && row.namespaces.includes(namespace) && this.#isLive(row),
    )
  }

  removeDevice(device: Uint8Array, registeredUntil: number): number {
    return this.#keep((row) => row.device !== device || row.registeredAt > registeredUntil)
  }

  /** Removes all that has expired; how many. */
  removeExpired(): number {
    return this.#keep((row) => this.#isLive(row))
  }

  counts(): Map<string, number> {
    const counts = new Map<string, number>()
    for (const { service } of this.#rows) counts.set(service, (counts.get(service) ?? 0) + 1)
    return counts
  }

  #remember(unsubscription: Signed): void {
    const { account } = unsubscription
    const last = this.#unsubscribed.find((one) => isSameDevice(one, unsubscription))
    const later = last !== undefined && last.signedAt > unsubscription.signedAt ? last : unsubscription
    const others = this.#unsubscribed.filter((one) => one !== last)
    const ofAccount = [...others, later].filter((one) => one.account === account && this.#isLive(one))
    ofAccount.sort((one, other) => other.signedAt - one.signedAt || Buffer.compare(other.device, one.device))
    this.#unsubscribed = [
      ...others.filter((one) => one.account !== account),
      ...ofAccount.slice(0, this.#limits.devicesPerAccount),
    ]
  }

  #isLive({ signedAt }: Signed): boolean {
    return (signedAt + this.#limits.lifetimeS) * 1_000 > this.now
  }

  #find(account: Uint8Array, device: Uint8Array): Subscription | undefined {
    return this.#rows.find((row) => isSameDevice(row, { account, device }))
  }

  #exchange(known: Subscription | undefined, ...next: Subscription[]): void {
    this.#rows = [...this.#rows.filter((row) => row !== known), ...next]
  }

  #keep(isKept: (row: Subscription) => boolean): number {
    const before = this.#rows.length
    this.#rows = this.#rows.filter(isKept)
    return before - this.#rows.length
  }
}

function isSameDevice(one: Omit<Signed, 'signedAt'>, other: Omit<Signed, 'signedAt'>): boolean {
  return one.account === other.account && one.device === other.device
}
