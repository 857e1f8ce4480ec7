import { ProviderError } from '../errors.ts'

/** What the subscription gave is no URL, or no key that a message can be encrypted to. */
export class EndpointUnusableError extends ProviderError {
  override readonly name = 'EndpointUnusableError'
  readonly code = 'PUSH_ENDPOINT_UNUSABLE'
  constructor(options?: ErrorOptions) {
    super('the endpoint or the keys of the subscription cannot be used', options)
  }
}

/** The encrypted message is longer than every push service takes. */
export class WebPushTooLongError extends ProviderError {
  override readonly name = 'WebPushTooLongError'
  readonly code = 'PUSH_MESSAGE_TOO_LONG'
  constructor() {
    super('the encrypted message is longer than push services take')
  }
}
