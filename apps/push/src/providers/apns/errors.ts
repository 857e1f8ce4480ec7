import { ProviderError } from '../errors.ts'

/** As many requests wait for a connection to APNs as may wait; this one was not sent. */
export class ApnsBusyError extends ProviderError {
  override readonly name = 'ApnsBusyError'
  readonly code = 'PUSH_APNS_BUSY'
  constructor() {
    super('too many requests wait for a connection to APNs')
  }
}
