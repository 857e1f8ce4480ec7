import { ProviderFailedError, ProviderLoginError, ProviderRefusedError } from '../errors.ts'
import type { Http2Reply } from '../http2/index.ts'
import type { SendOutcome } from '../provider.ts'
import { delayOf } from '../retry-after.ts'
import { type FcmStatus, parseFcmStatus } from './fcm-status.ts'

const HANDED_OVER: SendOutcome = { kind: 'handed-over' }
const TOKEN_DEAD: SendOutcome = { kind: 'token-dead' }

/**
 * What a reply of FCM means (push §7.4). A token is dead only on FCM's own word: neither a page of something in between nor trouble with the project
 * may cost every subscription. `now` in milliseconds, for `Retry-After`.
 */
export function outcomeOf(reply: Http2Reply, now: number): SendOutcome {
  if (reply.status === 200) return HANDED_OVER
  const said = parseFcmStatus(reply.body)
  const isOfProvider = reply.status === 401 || reply.status === 429 || reply.status >= 500
  const retry = (blame: 'provider' | 'notification', error: Error): SendOutcome => {
    return { kind: 'retry', blame, error, ...delayOf(reply, now) }
  }
  switch (reply.status) {
    case 400:
      if (said?.errorCode !== 'INVALID_ARGUMENT') break
      return blamesToken(said) ? TOKEN_DEAD : refused(reply, said)
    case 401:
      return retry('provider', new ProviderLoginError(reasonOf(said)))
    case 403:
    case 404:
      if (said === undefined) return retry('provider', failed(reply, said))
      if (said.projectTrouble === undefined || said.errorCode !== undefined) return TOKEN_DEAD
      return retry('provider', new ProviderLoginError(said.projectTrouble))
    case 413:
      return refused(reply, said)
  }
  return retry(isOfProvider ? 'provider' : 'notification', failed(reply, said))
}

/** An invalid argument is the token, unless FCM names other fields only. */
function blamesToken({ invalidFields }: FcmStatus): boolean {
  return invalidFields.length === 0 || invalidFields.includes('message.token')
}

function failed({ status }: Http2Reply, said: FcmStatus | undefined): Error {
  return new ProviderFailedError(status, reasonOf(said))
}

function refused({ status }: Http2Reply, said: FcmStatus | undefined): SendOutcome {
  return { kind: 'refused', error: new ProviderRefusedError(status, reasonOf(said)) }
}

function reasonOf(said: FcmStatus | undefined): string | undefined {
  return said?.errorCode ?? said?.status
}
