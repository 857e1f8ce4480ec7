import { ClientError } from '../../errors.ts'

/** Bytes are no Web Push message for these keys. */
export class WebPushUnreadableError extends ClientError {
  override readonly name = 'WebPushUnreadableError'
  readonly code = 'CLIENT_WEB_PUSH_UNREADABLE'
  constructor(options?: ErrorOptions) {
    super('the notification does not open with the keys of this subscription; subscribe again', options)
  }
}
