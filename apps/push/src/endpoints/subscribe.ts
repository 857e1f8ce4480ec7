import type { Endpoint } from '#endpoints'
import type { Registration } from '../registration/registration.ts'
import { pushEndpoint } from './push-endpoint.ts'

/** `POST /subscribe`: a device wants to be woken for an account (push §2). */
export function subscribe(registration: Registration): Endpoint {
  return pushEndpoint('/subscribe', (request) => registration.subscribe(request))
}
