import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openSqliteNotifications } from '#stores/notifications/sqlite/index'
import { openSqliteSubscriptions } from '#stores/subscriptions/sqlite/index'
import type { PushConfig } from '../config/push-config.ts'
import { storeRules } from './store-rules.ts'
import type { Stores } from './stores.ts'

/** Both in SQLite, in the data directory. */
export async function openEmbedded(config: PushConfig): Promise<Stores> {
  const directory = join(config.dataDirectory, 'push')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const rules = storeRules(config)
  const subscriptions = await openSqliteSubscriptions({
    path: join(directory, 'subscriptions.sqlite'),
    ...rules.subscriptions,
  })
  try {
    const notifications = await openSqliteNotifications({
      path: join(directory, 'notifications.sqlite'),
      ...rules.notifications,
    })
    return { subscriptions, notifications }
  } catch (error) {
    await subscriptions.close()
    throw error
  }
}
