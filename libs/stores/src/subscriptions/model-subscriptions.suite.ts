import type { SubscriptionLimits } from './limits.ts'
import type { Subscription, SubscriptionOutcome } from './subscriptions.ts'

/** What subscriptions are to do, in the plainest words: the model that adapters are compared with. */
export class ModelSubscriptions {
  readonly #limits: SubscriptionLimits
  #rows: Subscription[] = []
  /** The clock of the steps, in milliseconds. */
  now = 0

  constructor(limits: SubscriptionLimits) {
    this.#limits = limits
  }

  put(subscription: Subscription): SubscriptionOutcome {
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

  remove(account: Uint8Array, device: Uint8Array): boolean {
    const known = this.#find(account, device)
    if (known === undefined || !this.#isLive(known)) return false
    this.#exchange(known)
    return true
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

  #isLive({ signedAt }: Subscription): boolean {
    return (signedAt + this.#limits.lifetimeS) * 1_000 > this.now
  }

  #find(account: Uint8Array, device: Uint8Array): Subscription | undefined {
    return this.#rows.find((row) => row.account === account && row.device === device)
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
