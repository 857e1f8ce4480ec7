/** The codes with which a request is refused (push §2.3). */
export const PushErrorCode = {
  BadInput: 1,
  ServiceNotAvailable: 2,
  Timeout: 3,
  Error: 4,
  Internal: 5,
} as const
export type PushErrorCode = (typeof PushErrorCode)[keyof typeof PushErrorCode]

/** Texts that clients see letter for letter, misspelling included (push §1.2, §2, §2.3). */
export const PushErrorText = {
  BodyMissing: 'Invalid request: request body missing',
  BodyTooLarge: 'Invalid request: request too large',
  InvalidJson: 'Invalid JSON',
  NeitherObjectNorArray: 'Invalid JSON: expected object or array of objects',
  EmptyList: 'Invalid request: {} list cannot be empty',
  Timeout: 'Timeout waiting for push notification backend',
  Error: 'An error occured while processing your request',
  Internal: 'An internal error occurred while processing your request',
} as const

/**
 * A request to the push service is refused; `errorCode` and `text` are the answer, under HTTP status 200 like every answer (push §1.2). The
 * text may quote the request, which is why the error's message does not.
 */
export class PushRequestError extends Error {
  override readonly name = 'PushRequestError'
  readonly code = 'PUSH_REQUEST_REFUSED'
  constructor(
    readonly errorCode: PushErrorCode,
    readonly text: string,
    options?: ErrorOptions,
  ) {
    super(`the push request is refused with code ${errorCode}`, options)
  }
}

/** A payload does not open with the key, or does not say what a payload says (push §6). */
export class PushPayloadError extends Error {
  override readonly name = 'PushPayloadError'
  readonly code = 'PUSH_PAYLOAD_INVALID'
}

/** What the push service answered is no answer (push §2.3). */
export class PushAnswerError extends Error {
  override readonly name = 'PushAnswerError'
  readonly code = 'PUSH_ANSWER_INVALID'
}
