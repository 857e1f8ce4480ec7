import { PushErrorCode } from '#protocol'
import { ClientError } from '../errors.ts'

/** The network offers no push relay. */
export class NoPushServiceError extends ClientError {
  override readonly name = 'NoPushServiceError'
  readonly code = 'CLIENT_NO_PUSH_SERVICE'
  constructor() {
    super('this network offers no push relay; use slow mode, or another network')
  }
}

/** The push relay answered that it does not do what was asked (push §2.3). */
export class PushRefusedError extends ClientError {
  override readonly name = 'PushRefusedError'
  readonly code = 'CLIENT_PUSH_REFUSED'
  /** `pushCode`: the code of the answer; `text`: what the relay says, not to be trusted. */
  constructor(
    readonly pushCode: number,
    readonly text: string,
  ) {
    super(`${reasonOf(pushCode)} (code ${pushCode})`)
  }
}

function reasonOf(pushCode: number): string {
  switch (pushCode) {
    case PushErrorCode.ServiceNotAvailable:
      return 'the push relay does not serve this push service at the moment; choose another, or try again later'
    case PushErrorCode.Timeout:
    case PushErrorCode.Internal:
      return 'the push relay has trouble of its own; try again later'
    default:
      return 'the push relay refuses the request; check the account, the token of the device and the clock'
  }
}

/** The push relay answered with an HTTP error, several times. */
export class PushServerError extends ClientError {
  override readonly name = 'PushServerError'
  readonly code = 'CLIENT_PUSH_SERVER'
  constructor(readonly status: number) {
    super(`the push relay could not serve the request (status ${status}); try again later`)
  }
}

/** The push relay's answer lacks what it must say. */
export class PushReplyError extends ClientError {
  override readonly name = 'PushReplyError'
  readonly code = 'CLIENT_PUSH_REPLY'
  constructor(options?: ErrorOptions) {
    super('the push relay gave an answer that is not understood; update the client', options)
  }
}

/** Nodes refuse to give out one part of a mailbox. */
export class NamespaceRefusedError extends ClientError {
  override readonly name = 'NamespaceRefusedError'
  readonly code = 'CLIENT_NAMESPACE_REFUSED'
  constructor(readonly status: number) {
    super(`the network refuses a part of the mailbox (status ${status}); check that the account may read it`)
  }
}

/** Message notices were started twice, or used before they were started. */
export class NoticesStateError extends ClientError {
  override readonly name = 'NoticesStateError'
  readonly code = 'CLIENT_NOTICES_STATE'
  constructor(problem: 'started already' | 'not started') {
    super(`message notices are ${problem}; start them once, before anything else`)
  }
}
