import { join } from 'node:path'
import { SqliteEvents } from '#bus/in-process/index'
import { type Logger, systemClock } from '#runtime'

/** Opens the durable events between the services of this process. Throws `BusUnavailableError`. */
export function openEvents(dataDirectory: string, logger: Logger): SqliteEvents {
  return new SqliteEvents({
    file: join(dataDirectory, 'events.sqlite'),
    now: () => systemClock.now(),
    random: Math.random,
    observer: {
      now: () => performance.now(),
      failed: (_subject, error) => logger.warn('event-failed', {}, error),
    },
  })
}
