import { ProviderFailedError, ProviderLoginError, ProviderRefusedError, reasonWord } from '../errors.ts'
import type { Http2Reply } from '../http2/index.ts'
import { jsonMembers } from '../json-members.ts'
import type { SendOutcome } from '../provider.ts'
import { delayOf } from '../retry-after.ts'

interface Failure {
  readonly reason?: string
  /** Milliseconds since the Unix epoch: since when the token is known to be dead. */
  readonly timestamp?: number
}

/** Whether APNs does not accept the provider token itself, so that a new one may help. */
export function rejectsProviderToken(reply: Http2Reply): boolean {
  if (reply.status !== 403) return false
  const { reason } = parseFailure(reply.body)
  return reason === 'ExpiredProviderToken' || reason === 'InvalidProviderToken'
}

/** What a reply means for the notification (push §7.4): a JSON body with a `reason` unless the status is 200; `now` in milliseconds since the Unix epoch. */
export function outcomeOf(reply: Http2Reply, now: number): SendOutcome {
  const { status } = reply
  if (status === 200) return { kind: 'handed-over' }
  const { reason, timestamp } = parseFailure(reply.body)
  switch (status) {
    case 400:
      if (reason === 'BadDeviceToken' || reason === 'DeviceTokenNotForTopic') return { kind: 'token-dead' }
      return { kind: 'retry', blame: 'notification', error: new ProviderFailedError(status, reason) }
    case 403:
      return { kind: 'retry', blame: 'provider', error: new ProviderLoginError(reason) }
    case 410:
      // A clock of Apple's that is ahead must not take registrations with it that are still to come.
      return timestamp === undefined ? { kind: 'token-dead' } : { kind: 'token-dead', since: Math.min(timestamp, now) }
    case 413:
      return { kind: 'refused', error: new ProviderRefusedError(status, reason) }
    case 429: {
      // `TooManyRequests` counts the requests for one device; everything else those of the operator.
      const blame = reason === 'TooManyRequests' ? 'notification' : 'provider'
      return { kind: 'retry', blame, error: new ProviderFailedError(status, reason), ...delayOf(reply, now) }
    }
    default: {
      const blame = status >= 500 ? 'provider' : 'notification'
      return { kind: 'retry', blame, error: new ProviderFailedError(status, reason), ...delayOf(reply, now) }
    }
  }
}

/** Empty for a body that is no JSON: a proxy in between may answer with something else, and the status has to do. */
function parseFailure(body: string): Failure {
  const { reason, timestamp } = jsonMembers(body) ?? {}
  const word = reasonWord(reason)
  const isTime = typeof timestamp === 'number' && timestamp > 0
  return { ...(word === undefined ? {} : { reason: word }), ...(isTime ? { timestamp } : {}) }
}
