import type { PushConfig } from '../config/push-config.ts'

/** How long a subscription lives after its signature, in seconds (push §4). */
export const SUBSCRIPTION_LIFETIME_S = 14 * 86_400

/** What both kinds of stores are told alike. */
export interface StoreRules {
  readonly subscriptions: { readonly lifetimeS: number; readonly devicesPerAccount: number }
  readonly notifications: { readonly duplicateWindowMs: number; readonly capacity: number }
}

export function storeRules({ devicesPerAccount, queue }: PushConfig): StoreRules {
  return {
    subscriptions: { lifetimeS: SUBSCRIPTION_LIFETIME_S, devicesPerAccount },
    notifications: { duplicateWindowMs: queue.duplicateWindowMs, capacity: queue.capacity },
  }
}
