import type { Endpoint } from '#endpoints'
import type { Registration } from '../registration/registration.ts'
import { pushEndpoint } from './push-endpoint.ts'

/** `POST /unsubscribe`: a device wants to be woken for an account no more (push §2). */
export function unsubscribe(registration: Registration): Endpoint {
  return pushEndpoint('/unsubscribe', (request) => registration.unsubscribe(request))
}
