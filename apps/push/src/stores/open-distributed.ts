import type { PushConfig } from '../config/push-config.ts'
import { storeRules } from './store-rules.ts'
import type { Stores } from './stores.ts'

/** Both in Redis, whose libraries are loaded only here. `onError` hears of lost connections. */
export async function openDistributed(
  url: string,
  config: PushConfig,
  onError: (error: unknown) => void,
): Promise<Stores> {
  const [{ connectRedis }, { openRedisSubscriptions }, { openRedisNotifications }] = await Promise.all([
    import('#stores/redis/connect-redis'),
    import('#stores/subscriptions/redis/index'),
    import('#stores/notifications/redis/index'),
  ])
  const redis = await connectRedis({ url, onError })
  try {
    const rules = storeRules(config)
    return {
      subscriptions: await openRedisSubscriptions({ redis, ...rules.subscriptions }),
      notifications: await openRedisNotifications({ redis, ...rules.notifications }),
      release: async () => redis.disconnect(),
    }
  } catch (error) {
    redis.disconnect()
    throw error
  }
}
