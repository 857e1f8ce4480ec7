import type { RedisClient } from '../../redis/redis-client.ts'
import type { SubscriptionOutcome } from '../subscriptions.ts'
import { ADD_ACCOUNT } from './scripts/add-account.ts'
import { PUT } from './scripts/put.ts'
import { REMOVE_EXPIRED } from './scripts/remove-expired.ts'
import { REMOVE } from './scripts/remove.ts'
import { UNSUBSCRIBE } from './scripts/unsubscribe.ts'

type Args = readonly (string | number | Buffer)[]

/** The scripts as commands of the client: EVALSHA, and EVAL again where a server does not know the script. */
export interface SubscriptionCommands {
  subscriptionsAddAccount(device: string, ...args: Args): Promise<null>
  subscriptionsPut(
    record: string,
    ages: string,
    counts: string,
    unsubscribed: string,
    ...args: Args
  ): Promise<SubscriptionOutcome>
  subscriptionsRemove(record: string, ages: string, counts: string, ...args: Args): Promise<number>
  subscriptionsUnsubscribe(
    record: string,
    ages: string,
    counts: string,
    unsubscribed: string,
    ...args: Args
  ): Promise<number>
  /** The number of keys, the keys, the arguments. */
  subscriptionsRemoveExpired(count: number, ...keysAndArgs: Args): Promise<number>
}

export function defineSubscriptionCommands(redis: RedisClient): SubscriptionCommands {
  redis.defineCommand('subscriptionsAddAccount', { lua: ADD_ACCOUNT, numberOfKeys: 1 })
  redis.defineCommand('subscriptionsPut', { lua: PUT, numberOfKeys: 4 })
  redis.defineCommand('subscriptionsRemove', { lua: REMOVE, numberOfKeys: 3 })
  redis.defineCommand('subscriptionsUnsubscribe', { lua: UNSUBSCRIBE, numberOfKeys: 4 })
  redis.defineCommand('subscriptionsRemoveExpired', { lua: REMOVE_EXPIRED })
  return redis as unknown as SubscriptionCommands
}
