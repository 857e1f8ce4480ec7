import { PUSH_SUBSCRIPTION_LIFETIME_S } from '#protocol'
import type { PushConfig } from '../config/push-config.ts'

/** What both kinds of stores are told alike. */
export interface StoreRules {
  readonly subscriptions: { readonly lifetimeS: number; readonly devicesPerAccount: number }
  readonly notifications: { readonly duplicateWindowMs: number; readonly capacity: number }
}

export function storeRules({ devicesPerAccount, queue }: PushConfig): StoreRules {
  return {
    subscriptions: { lifetimeS: PUSH_SUBSCRIPTION_LIFETIME_S, devicesPerAccount },
    notifications: { duplicateWindowMs: queue.duplicateWindowMs, capacity: queue.capacity },
  }
}
