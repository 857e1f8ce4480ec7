import type { RedisClient } from '../../redis/redis-client.ts'
import type { NotificationEnd } from '../notifications.ts'
import type { QueueKeys } from './keys.ts'
import { ACCEPT } from './scripts/accept.ts'
import { END } from './scripts/end.ts'
import { END_DEVICE } from './scripts/end-device.ts'
import { POSTPONE } from './scripts/postpone.ts'
import { TAKE } from './scripts/take.ts'

type Args = readonly (string | number | Buffer)[]

/** The scripts as commands of the client: EVALSHA, and EVAL again where a server does not know the script. */
export interface NotificationCommands {
  notificationsAccept(
    ...keysAndArgs: [...QueueKeys, last: string, seen: string, before: string, after: string, ...Args]
  ): Promise<[accepted: number, refused: number]>
  notificationsTakeBuffer(...keysAndArgs: [...QueueKeys, now: number, until: number, limit: number]): Promise<Buffer[]>
  notificationsEnd(
    ...keysAndArgs: [...QueueKeys, service: string, end: NotificationEnd, which: 'all' | 'untaken', ...Args]
  ): Promise<number>
  notificationsEndDevice(
    ...keysAndArgs: [...QueueKeys, service: string, device: Buffer, acceptedUntil: number, after: string]
  ): Promise<[ended: number, next: string]>
  notificationsPostpone(...keysAndArgs: [...QueueKeys, id: string, dueAt: number, attempts: number]): Promise<null>
}

export function defineNotificationCommands(redis: RedisClient): NotificationCommands {
  redis.defineCommand('notificationsAccept', { lua: ACCEPT, numberOfKeys: 10 })
  redis.defineCommand('notificationsTake', { lua: TAKE, numberOfKeys: 6 })
  redis.defineCommand('notificationsEnd', { lua: END, numberOfKeys: 6 })
  redis.defineCommand('notificationsEndDevice', { lua: END_DEVICE, numberOfKeys: 6 })
  redis.defineCommand('notificationsPostpone', { lua: POSTPONE, numberOfKeys: 6 })
  return redis as unknown as NotificationCommands
}
