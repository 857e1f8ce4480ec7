import { ProviderFailedError, ProviderRefusedError } from '../errors.ts'
import type { SendOutcome } from '../provider.ts'
import { delayOf } from '../retry-after.ts'

/**
 * What the answer of a push service means for a notification (RFC 8030 §5, §7, §8.4). All of it is about this endpoint alone, refused credentials too: a user
 * names the endpoint, and what one host answers must stop the notifications of nobody else. `now` in milliseconds since the Unix epoch.
 */
export function outcomeOf(status: number, retryAfter: string | undefined, now: number): SendOutcome {
  if (status >= 200 && status < 300) return { kind: 'handed-over' }
  switch (status) {
    case 404:
    case 410:
      return { kind: 'token-dead' }
    case 400:
    case 413:
      return { kind: 'refused', error: new ProviderRefusedError(status) }
    default: {
      const error = new ProviderFailedError(status)
      return { kind: 'retry', blame: 'notification', error, ...delayOf({ status, retryAfter }, now) }
    }
  }
}
