import type { Notifications, Subscriptions } from '#stores'

/** Where the state of this service lies. */
export interface Stores {
  readonly subscriptions: Subscriptions
  readonly notifications: Notifications
  /** Ends what both were opened with. */
  readonly release?: () => Promise<void>
}

/** Closes both, the second even when the first fails. */
export async function closeStores({ subscriptions, notifications, release }: Stores): Promise<void> {
  try {
    await subscriptions.close()
  } finally {
    await notifications.close()
    await release?.()
  }
}
